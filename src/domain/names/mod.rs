//! Company names taken apart and compared: what two names share, and how characters are mistaken for each other.

pub mod glyphs;
pub mod parts;
pub mod places;

pub use glyphs::{Resemblance, pinyin, resemblance};
pub use parts::{Form, Parts, short_pinyin};
pub use places::{Place, Places};
