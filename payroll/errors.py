"""What can be expected to go wrong, as one small tree (SPEC 5, TECH T15).

Every error carries a key for the words files and the facts a sentence needs. `str(error)` has one fixed form,
`field: value (allowed: …)`, for logs and scripts; people read the sentence that belongs to the key.
"""

from enum import StrEnum


class ErrorKey(StrEnum):
    """Names the sentence that a person reads; each has one in every language."""

    # amounts, times and dates that somebody typed or sent
    AMOUNT_NOT_A_NUMBER = "amount-not-a-number"
    AMOUNT_AMBIGUOUS = "amount-ambiguous"
    AMOUNT_NOT_POSITIVE = "amount-not-positive"
    AMOUNT_NEGATIVE = "amount-negative"
    AMOUNT_TOO_LARGE = "amount-too-large"
    AMOUNT_TOO_PRECISE = "amount-too-precise"
    CLOCK_NOT_A_TIME = "clock-not-a-time"
    CLOCK_AMBIGUOUS = "clock-ambiguous"
    TIME_NOT_READABLE = "time-not-readable"
    TIME_DOES_NOT_EXIST = "time-does-not-exist"
    TIME_EXISTS_TWICE = "time-exists-twice"
    TIME_IN_FUTURE = "time-in-future"
    DATE_NOT_READABLE = "date-not-readable"
    DATE_AMBIGUOUS = "date-ambiguous"
    DATE_TOO_EARLY = "date-too-early"
    FIELD_MISSING = "field-missing"
    FIELD_NOT_EDITABLE = "field-not-editable"
    FIELD_UNKNOWN = "field-unknown"
    VALUE_INVALID = "value-invalid"
    TEXT_TOO_LONG = "text-too-long"
    # shifts
    SHIFT_ENDS_BEFORE_START = "shift-ends-before-start"
    SHIFT_TOO_SHORT = "shift-too-short"
    SHIFT_TOO_LONG = "shift-too-long"
    SHIFT_OVERLAPS = "shift-overlaps"
    SHIFT_RUNNING = "shift-running"
    SHIFT_NOT_RUNNING = "shift-not-running"
    SHIFT_UNKNOWN = "shift-unknown"
    SHIFT_WITHOUT_SALES = "shift-without-sales"
    SHIFT_NOT_YOURS = "shift-not-yours"
    PRODUCT_UNKNOWN = "product-unknown"
    PRODUCT_INACTIVE = "product-inactive"
    # bonuses and ranks
    BONUS_UNKNOWN = "bonus-unknown"
    BONUS_TYPE_UNKNOWN = "bonus-type-unknown"
    BONUS_NOT_PENDING = "bonus-not-pending"
    BONUS_NOT_THEIRS = "bonus-not-theirs"
    BONUS_NOT_FOR_SHIFTS = "bonus-not-for-shifts"
    BONUS_DOUBLED_ALREADY = "bonus-doubled-already"
    DAY_TAKEN = "day-taken"
    DATE_IN_PAST = "date-in-past"
    RANK_UNKNOWN = "rank-unknown"
    RANK_TAKEN = "rank-taken"
    TABLE_NOT_WHOLE = "table-not-whole"
    TABLE_CHANGED = "table-changed"
    START_OUT_OF_PLACE = "start-out-of-place"
    STEP_UNKNOWN = "step-unknown"
    STEP_NOT_THEN = "step-not-then"
    PLAN_UNKNOWN = "plan-unknown"
    SETTING_UNKNOWN = "setting-unknown"
    STEP_TAKEN = "step-taken"
    NAME_TAKEN = "name-taken"
    QUESTION_UNKNOWN = "question-unknown"
    QUESTION_STATE = "question-state"
    # people
    EMPLOYEE_UNKNOWN = "employee-unknown"
    EMPLOYEE_LEFT = "employee-left"
    NOT_ALLOWED = "not-allowed"
    OWNER_ONLY = "owner-only"
    NOT_A_MEMBER = "not-a-member"
    INVITE_INVALID = "invite-invalid"
    REQUEST_DECIDED = "request-decided"
    OWN_MATTER = "own-matter"
    LAST_OWNER = "last-owner"
    ACCOUNT_IN_USE = "account-in-use"
    ACCOUNT_HAS_RECORDS = "account-has-records"
    # pay periods and the ledger
    PERIOD_CLOSED = "period-closed"
    PERIOD_NOT_OVER = "period-not-over"
    PERIOD_NOT_CLOSED = "period-not-closed"
    PERIOD_NOT_LAST = "period-not-last"
    PERIOD_PAID = "period-paid"
    NOTHING_DUE = "nothing-due"
    REQUEST_UNKNOWN = "request-unknown"
    REQUEST_NOT_YOURS = "request-not-yours"
    SHIFT_REFUNDED = "shift-refunded"
    REFUND_TOO_LARGE = "refund-too-large"
    REFUND_UNKNOWN = "refund-unknown"
    REFUND_WITHDRAWN = "refund-withdrawn"
    REASON_MISSING = "reason-missing"
    # dialogues
    DRAFT_CLOSED = "draft-closed"
    DRAFT_SAVED = "draft-saved"
    NOTHING_CHANGES = "nothing-changes"
    REQUEST_DIFFERS = "request-differs"
    # the books and the clock
    BOOKS_DIFFER = "books-differ"
    CLOCK_WRONG = "clock-wrong"
    # the machine
    DATABASE_AWAY = "database-away"
    DATABASE_NOT_UTF8 = "database-not-utf8"
    DISK_FULL = "disk-full"
    OWNER_NEEDED = "owner-needed"
    SCHEMA_MISSING = "schema-missing"
    SCHEMA_OLDER = "schema-older"
    SCHEMA_NEWER = "schema-newer"


class DomainError(Exception):
    """Base of every error that is expected.

    `field` names what is wrong, `value` is what was given, `allowed` says what would be right. `facts` are further
    finished pieces for the sentence (another shift's times, say).
    """

    def __init__(self, key: ErrorKey, *, field: str, value: object, allowed: str, **facts: object) -> None:
        super().__init__(f"{field}: {value} (allowed: {allowed})")
        self.key = key
        self.field = field
        self.value = value
        self.allowed = allowed
        self.facts = facts


class InvalidInputError(DomainError):
    """Something given cannot be used as it is."""


class NotFoundError(DomainError):
    """What was named does not exist."""


class ConflictError(DomainError):
    """It is understood, but what is there already does not allow it."""


class ForbiddenError(DomainError):
    """This person may not do that."""


class UnavailableError(DomainError):
    """The database cannot be reached, or is not ready for this version of the program."""


class UnitUndoneError(Exception):
    """A unit of work was undone by an error where it had set nothing to go back to: do it again, carefully."""
