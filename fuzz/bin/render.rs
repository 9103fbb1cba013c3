#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| anvil_fuzz::render(input));
