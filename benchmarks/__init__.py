"""How fast it is beside what people use today. Run by hand: `uv run --group bench python -m benchmarks`."""
