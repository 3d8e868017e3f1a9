#!/bin/sh
# Makes the phrases in this folder anew. Needs espeak-ng and sox. Keep the folder under 600 kB.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# say NAME VOICE WORDS-PER-MINUTE PITCH PAUSE-AT-THE-END TEXT
say() {
    espeak-ng -v "$2" -s "$3" -p "$4" -w "$work/$1.wav" "$6"
    sox "$work/$1.wav" -r 16000 -b 16 -c 1 "$1.wav" gain -n -6 \
        silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse pad 0.1 "$5"
}

say hello en-us 185 45 0.5 "Hello, I will speak until you hang up. The quick brown fox jumps over the lazy dog."
say greeting en-us+f3 185 50 0.1 "This is the voicemail of Ana Flores. Please speak after the tone."
say menu en-us+f3 190 50 0.5 "For sales, press one. For support, two."
say one en-us+f3 170 50 0.1 "One. Sales."
say two en-us+f3 170 50 0.1 "Two. Support."
say goodbye en-us 180 45 0.1 "Closed. Goodbye."
say wait en-us+f3 180 45 0.1 "Please hold the line."
