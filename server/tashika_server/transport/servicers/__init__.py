"""One file for each service of the proto: read the request, call a use case, write the response."""
