"""Speed, measured: one module per goal, each against its floor in the same run. `make bench` runs them all."""
