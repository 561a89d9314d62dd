"""People who do not exist: fingers, eyes, faces and signatures for demos, tests and scale runs."""

from rekam.abis.synthetic.flaw import Flaw
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png

__all__ = ["Flaw", "Person", "encode_png"]
