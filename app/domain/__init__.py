"""What Ringdown is about, without any library: calls, messages, people and the rules between them."""
