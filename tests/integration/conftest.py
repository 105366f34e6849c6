"""Who most tests of the owner's side begin with."""

import pytest

from payroll.people import Person
from postgres_service import PostgresService
from tests.owners import hire_owner


@pytest.fixture
def olga(service: PostgresService) -> Person:
    """An owner."""
    return hire_owner(service)
