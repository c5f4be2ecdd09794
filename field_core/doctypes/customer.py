"""The customer, what they subscribe to, what they signed, and what they reported."""

from typing import ClassVar

from field_core.fields import Document, Kind, Row, office, shared, table


class Customer(Document):
    """The party who is billed; equipment hangs on locations, not here."""

    doctype: ClassVar[str] = "Customer"
    naming: ClassVar[str] = "CUST-.#####"

    customer_name: str = office(Kind.DATA, required=True, searched=True)
    customer_type: str | None = office(Kind.SELECT, "Individual\nCompany")
    customer_group: str | None = office(Kind.DATA)
    territory: str | None = office(Kind.DATA)
    language: str | None = office(Kind.DATA)
    mobile_no: str | None = office(Kind.DATA, searched=True)
    email_id: str | None = office(Kind.DATA)
    disabled: bool | None = office(Kind.CHECK)
    ppa_enabled: bool | None = office(Kind.CHECK)
    stripe_id: str | None = office(Kind.DATA)
    legacy_account_id: str | None = office(Kind.DATA, searched=True)
    legacy_customer_id: str | None = office(Kind.DATA)


class ServiceSubscription(Document):
    """An active service at a location; its RADIUS password exists in no model."""

    doctype: ClassVar[str] = "Service Subscription"
    naming: ClassVar[str] = "SUB-.#####"

    customer: str | None = office(Kind.LINK, "Customer", indexed=True)
    service_location: str | None = office(Kind.LINK, "Service Location", indexed=True)
    service_contract: str | None = office(Kind.LINK, "Service Contract")
    plan: str | None = office(Kind.LINK, "Item")
    plan_name: str | None = office(Kind.DATA)
    status: str | None = office(Kind.SELECT, "Active\nSuspended\nCancelled\nPending")
    start_date: str | None = office(Kind.DATE)
    end_date: str | None = office(Kind.DATE)
    cancellation_date: str | None = office(Kind.DATE)
    monthly_price: float | None = office(Kind.CURRENCY)
    download_speed: int | None = office(Kind.INT)
    upload_speed: int | None = office(Kind.INT)
    radius_user: str | None = office(Kind.DATA)
    legacy_service_id: str | None = office(Kind.DATA)


class ServiceContractBenefit(Row):
    """One advantage granted for the term: what it was worth and what was asked for it."""

    doctype: ClassVar[str] = "Service Contract Benefit"
    description: str | None = office(Kind.DATA)
    benefit_type: str | None = office(Kind.SELECT, "Goods\nService\nDiscount\nInstallation\nGift")
    regular_price: float | None = office(Kind.CURRENCY)
    granted_price: float | None = office(Kind.CURRENCY)
    is_monthly: bool | None = office(Kind.CHECK)
    is_rented: bool | None = office(Kind.CHECK)
    is_optional: bool | None = office(Kind.CHECK)


class ServiceContract(Document):
    """A term with its benefits; ending it early is worked out on this document."""

    doctype: ClassVar[str] = "Service Contract"
    naming: ClassVar[str] = "CTR-.#####"

    customer: str | None = office(Kind.LINK, "Customer", indexed=True)
    service_location: str | None = office(Kind.LINK, "Service Location", indexed=True)
    service_subscription: str | None = office(Kind.LINK, "Service Subscription")
    contract_type: str | None = office(Kind.SELECT, "Residential\nCommercial")
    status: str | None = office(
        Kind.SELECT, "Draft\nSent\nActive\nTerminated\nCompleted\nExpired\nCancelled"
    )
    start_date: str | None = office(Kind.DATE)
    end_date: str | None = office(Kind.DATE)
    duration_months: int | None = office(Kind.INT)
    monthly_rate: float | None = office(Kind.CURRENCY)
    unpaid_goods: float | None = office(Kind.CURRENCY)
    termination_clause: str | None = office(Kind.SELECT, "Residual\nRemaining\nFixed\nNone")
    termination_share: float | None = office(Kind.FLOAT)
    termination_amount: float | None = office(Kind.CURRENCY)
    counts_whole_months: bool | None = office(Kind.CHECK)
    signature_method: str | None = office(Kind.DATA)
    signed_at: str | None = office(Kind.DATETIME)
    termination_date: str | None = office(Kind.DATE)
    termination_reason: str | None = office(Kind.TEXT)
    termination_invoice: str | None = office(Kind.LINK, "Sales Invoice")
    benefits: tuple[ServiceContractBenefit, ...] = table(ServiceContractBenefit)


class Issue(Document):
    """A reported problem; the job it led to points at it."""

    doctype: ClassVar[str] = "Issue"
    naming: ClassVar[str] = "ISS-.YYYY.-.#####"

    subject: str = office(Kind.DATA, required=True, searched=True)
    customer: str | None = office(Kind.LINK, "Customer", indexed=True)
    service_location: str | None = office(Kind.LINK, "Service Location")
    status: str | None = shared(Kind.SELECT, "Open\nReplied\nOn Hold\nResolved\nClosed")
    priority: str | None = office(Kind.DATA)
    issue_type: str | None = office(Kind.DATA)
    description: str | None = office(Kind.TEXT)
    opening_date: str | None = office(Kind.DATE)
    raised_by: str | None = office(Kind.DATA)
    assigned_staff: str | None = office(Kind.DATA)
    is_important: bool | None = office(Kind.CHECK)
    legacy_ticket_id: str | None = office(Kind.DATA)
