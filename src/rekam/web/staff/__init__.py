"""Staff of office and centre: who they are, how they sign in, which roles open which pages."""

from rekam.web.staff.guard import require
from rekam.web.staff.member import StaffMember, add_member
from rekam.web.staff.memory import InMemoryStaffStore
from rekam.web.staff.postgres import MIGRATIONS, PgStaffStore
from rekam.web.staff.store import StaffStore

__all__ = ["MIGRATIONS", "InMemoryStaffStore", "PgStaffStore", "StaffMember", "StaffStore", "add_member", "require"]
