//! Cells of a CSV file that people open in a spreadsheet: none of them is taken for a formula (S6).

/// One line of cells, quoted where that is needed, with its line break.
pub fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let cells: Vec<_> = cells.into_iter().map(|cell| quoted(&safe(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that a spreadsheet would calculate gets an apostrophe before it; numbers and phones stay as they are.
pub fn safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && !is_number_or_phone(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A cell without the apostrophe that [`safe`] put before it: what went out comes back as it was.
pub fn bare(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => rest,
        _ => cell,
    }
}

/// `-1.5`, `+8613800138000`, `+86 138-0013-8000`: a sign, then digits in groups.
fn is_number_or_phone(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix(['+', '-']) else {
        return false;
    };
    if cell.starts_with('-') {
        return rest.parse::<f64>().is_ok_and(f64::is_finite)
            && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    }
    // `+1-2` would be calculated: a phone has a country code and at least seven digits, in groups of two or more.
    let groups: Vec<_> = rest.split([' ', '-']).collect();
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    let plain = groups
        .iter()
        .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    plain && (groups.len() == 1 || (digits >= 7 && rest.starts_with("86")))
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised() {
        for cell in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "+1+1",
            "+1-2",
            "-1+1",
            "-A1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "+",
            "-",
            "+86-",
            "-1e5",
        ] {
            assert_eq!(safe(cell), format!("'{cell}"), "{cell:?}");
        }
    }

    #[test]
    fn numbers_phones_and_text_stay() {
        for cell in [
            "",
            "甲",
            "-1.50",
            "+8613800138000",
            "+86 138-0013-8000",
            "a=1",
            "'=1",
            "0",
            "+14155550100",
        ] {
            assert_eq!(safe(cell), cell);
        }
    }

    #[test]
    fn what_was_made_safe_is_read_back_as_it_was() {
        for cell in [
            "=1+1",
            "+86-",
            "@x",
            "-A1",
            "甲",
            "'quoted'",
            "+8613800138000",
            "",
        ] {
            assert_eq!(bare(&safe(cell)), cell);
        }
    }

    #[test]
    fn a_line_is_read_back_as_it_was() {
        assert_eq!(line(["a,b", "c\"d", "", "e"]), "\"a,b\",\"c\"\"d\",,e\r\n");
    }
}
