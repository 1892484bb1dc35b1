"""What a provider (服务商) must keep: tickets, permanent codes, and every command of the platform until it is done."""
