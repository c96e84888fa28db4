"""One servicer per gRPC service: protobuf in, protobuf out, no logic."""
