"""The messages of the real protos, for tests that hold for every one of them."""

import importlib
import pkgutil

from google.protobuf.descriptor import Descriptor, ServiceDescriptor

import tashika.v1


def services() -> list[ServiceDescriptor]:
    """Give every service of the contract."""
    found: list[ServiceDescriptor] = []
    for module in pkgutil.iter_modules(tashika.v1.__path__):
        if module.name.endswith("_pb2"):
            file = importlib.import_module(f"tashika.v1.{module.name}").DESCRIPTOR
            found += file.services_by_name.values()
    return found


def request_types() -> list[Descriptor]:
    """Give the request of every method."""
    return [method.input_type for service in services() for method in service.methods]
