//! Numbers that look random and are the same on every machine, for ever.

use crate::digest::Sha256;

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Returns the numbers that begin with the SHA-256 of `parts`, a line each.
    pub fn seeded(parts: &[&str]) -> Self {
        let hex = Sha256::of(parts.join("\n")).to_string();
        Random(
            hex.bytes()
                .take(16)
                .fold(0, |seed, digit| seed << 4 | u64::from((digit as char).to_digit(16).unwrap_or(0))),
        )
    }

    /// Returns the next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { usize::try_from(self.draw() % end as u64).unwrap_or(0) }
    }

    /// Returns whether one of `times` went well.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns one of `items`, unless there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers that the authors' own code gives for the seed 1234567.
    #[test]
    fn the_numbers_are_those_of_splitmix() {
        let mut random = Random(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.draw()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        assert_ne!(Random::seeded(&["a", "b"]).draw(), Random::seeded(&["b", "a"]).draw());
    }
}
