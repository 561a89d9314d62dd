"""Staff of office and centre: who they are, how they sign in, which roles open which pages.

Their store in PostgreSQL is `rekam.web.staff.postgres`: a station, whose pages use the rest, never loads its client.
"""

from rekam.web.staff.guard import require
from rekam.web.staff.member import StaffMember, add_member
from rekam.web.staff.memory import InMemoryStaffStore
from rekam.web.staff.store import StaffStore

__all__ = ["InMemoryStaffStore", "StaffMember", "StaffStore", "add_member", "require"]
