"""The gRPC server: what arrives as bytes is admitted, authenticated, authorised, validated and acted upon."""
