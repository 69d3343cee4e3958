"""Endpoints of customers, and of the services on their accounts."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.views import OperationView
from customers import queries
from customers.api import files, serializers
from customers.customer_file import add_customer
from customers.filters import CustomerFilter, ServiceFilter
from customers.models import Customer, Service
from customers.operations import add_service


def services() -> Any:
    """Services with their accounts and rates."""
    return Service.objects.select_related("account", "rate")


class CustomersView(OperationView):
    """Customers."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = serializers.CustomerSerializer
    filterset_class = CustomerFilter
    queryset = Customer.objects.none()

    @extend_schema(responses=serializers.CustomerSerializer(many=True))
    def get(self, request: Any) -> Response:
        """People and organisations."""
        return self.page_of(queries.customers())

    @extend_schema(request=files.NewCustomerFieldsSerializer, responses={201: serializers.CustomerSerializer})
    def post(self, request: Any) -> Response:
        """Add a customer."""
        fields, numbers = files.sealed_apart(self.given(files.NewCustomerFieldsSerializer))
        whole: dict[str, Any] = {**fields, **numbers}
        return self.perform(
            add_customer,
            lambda customer_id: self.get_serializer(queries.customers().get(id=customer_id)).data,
            **whole,
        )


class CustomerView(OperationView):
    """One customer."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = serializers.CustomerSerializer

    def get(self, request: Any, customer_id: int) -> Response:
        """A person or organisation."""
        return Response(self.get_serializer(queries.customers().get(id=customer_id)).data)

    @extend_schema(request=files.CustomerFieldsSerializer, responses=serializers.CustomerSerializer)
    def patch(self, request: Any, customer_id: int) -> Response:
        """Change the fields that are named."""
        return files.change_of_customer(self, customer_id)


class ServicesView(OperationView):
    """Services."""

    permissions = {"GET": "customers.view"}
    serializer_class = serializers.ServiceSerializer
    filterset_class = ServiceFilter
    queryset = Service.objects.none()

    @extend_schema(responses=serializers.ServiceSerializer(many=True))
    def get(self, request: Any) -> Response:
        """What accounts have."""
        return self.page_of(services())


class AccountServicesView(OperationView):
    """Services of one account."""

    permissions = {"POST": "customers.edit"}
    serializer_class = serializers.ServiceSerializer

    @extend_schema(request=serializers.NewServiceSerializer, responses={201: serializers.ServiceSerializer})
    def post(self, request: Any, account_id: int) -> Response:
        """Put a service on the account from a day on."""
        return self.perform(
            add_service,
            lambda service_id: self.get_serializer(services().get(id=service_id)).data,
            account_id=account_id,
            **self.given(serializers.NewServiceSerializer),
        )
