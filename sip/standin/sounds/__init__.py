"""Short spoken phrases the far end plays: mono WAV, 16 kHz, 16 bit. `make.sh` makes them anew."""
