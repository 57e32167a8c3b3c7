"""Pictures of a model's structure as SVG text, which needs nothing else to be shown."""
