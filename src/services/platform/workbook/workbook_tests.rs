//! Workbooks, sound and hostile.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Workbook, formats};
use crate::error::AppError;

const TYPES: &str = "<Types/>";
const BOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet name="一" r:id="a"/><sheet name="二" r:id="b"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="/xl/worksheets/sheet2.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="000000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;

fn zipped(parts: &[(&str, &str)]) -> Cursor<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (path, text) in parts {
        zip.start_file(*path, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    Cursor::new(zip.finish().unwrap().into_inner())
}

fn book(sheet: &str, strings: &str) -> Cursor<Vec<u8>> {
    zipped(&[
        ("[Content_Types].xml", TYPES),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
        (
            "xl/worksheets/sheet2.xml",
            "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>zwei</t></is></c></row></sheetData></worksheet>",
        ),
    ])
}

type Read = Result<Vec<(i64, Vec<String>)>, AppError>;

fn read(source: Cursor<Vec<u8>>, sheet: Option<&str>) -> Read {
    let mut rows = Workbook::open(source)?.rows(sheet)?;
    let mut all = Vec::new();
    while let Some(row) = rows
        .next_row()
        .map_err(crate::services::platform::stored_files::unread)?
    {
        all.push((row.line, row.fields.unwrap()));
    }
    Ok(all)
}

fn code(read: Read) -> String {
    read.unwrap_err().errors()[0].code.clone()
}

#[test]
fn cells_are_text_as_people_see_them() {
    let sheet = r#"<worksheet><sheetData>
        <row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
        <row r="2"/>
        <row r="4"><c r="A4"><v>1.3800138E+10</v></c><c r="B4" s="1"><v>46083</v></c><c r="C4" s="2"><v>46083.5</v></c>
          <c r="D4" s="3"><v>1234</v></c><c r="E4" s="4"><v>0.125</v></c><c r="F4" s="5"><v>46083.5</v></c>
          <c r="G4"><v>0.30000000000000004</v></c><c r="H4" t="b"><v>1</v></c><c r="I4" t="str"><f>A1</f><v>x</v></c><c r="J4"/></row>
    </sheetData></worksheet>"#;
    let strings = "<sst><si><t>名&amp;称</t></si><si><r><t>a</t></r><r><t xml:space=\"preserve\"> b</t></r><rPh><t>zzz</t></rPh></si></sst>";
    let rows = read(book(sheet, strings), None).unwrap();
    let cells = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        rows,
        [
            (1, cells(&["名&称", "", "a b"])),
            (
                4,
                cells(&[
                    "13800138000",
                    "2026-03-02",
                    "2026-03-02",
                    "001234",
                    "12.50%",
                    "2026-03-02 12:00:00",
                    "0.3",
                    "TRUE",
                    "x"
                ])
            ),
        ]
    );
}

#[test]
fn sheets_are_found_by_name() {
    let source = book("<worksheet/>", "<sst/>");
    assert_eq!(
        Workbook::open(source.clone()).unwrap().sheets(),
        ["一", "二"]
    );
    assert_eq!(
        read(source.clone(), Some("二")).unwrap(),
        [(1, vec!["zwei".to_owned()])]
    );
    assert_eq!(code(read(source, Some("三"))), "UNKNOWN_SHEET");
}

#[test]
fn many_strings_are_found_again_from_their_blocks() {
    let strings: String = (0..50_000)
        .map(|n| format!("<si><t>文字{n}</t></si>"))
        .collect();
    let cells: String = [0, 49_999, 12_345, 7]
        .iter()
        .map(|n| format!("<c t=\"s\"><v>{n}</v></c>"))
        .collect();
    let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
    let rows = read(book(&sheet, &format!("<sst>{strings}</sst>")), None).unwrap();
    assert_eq!(rows[0].1, ["文字0", "文字49999", "文字12345", "文字7"]);
}

#[test]
fn what_is_no_workbook_is_told() {
    assert_eq!(
        code(read(Cursor::new(b"PK\x03\x04 and nothing".to_vec()), None)),
        "NOT_A_WORKBOOK"
    );
    assert_eq!(
        code(read(zipped(&[("a.txt", "a")]), None)),
        "NOT_A_WORKBOOK"
    );
    let sheet = "<worksheet><sheetData><row><c t=\"s\"><v>5</v></c></row></sheetData></worksheet>";
    assert_eq!(code(read(book(sheet, "<sst/>"), None)), "WORKBOOK_DAMAGED");
    let entity = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><sst><si><t>&a;</t></si></sst>";
    assert_eq!(
        code(read(book("<worksheet/>", entity), None)),
        "WORKBOOK_DAMAGED"
    );
}

#[test]
fn a_bomb_is_stopped_while_it_inflates() {
    // Spaces between cells, a thousand to one.
    let padding = format!("<row/>{}", " ".repeat(2_000)).repeat(20_000);
    let sheet = format!("<worksheet><sheetData>{padding}</sheetData></worksheet>");
    assert_eq!(
        code(read(book(&sheet, "<sst/>"), None)),
        "WORKBOOK_TOO_LARGE"
    );
    // One text without end.
    let text = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(3 << 20));
    assert_eq!(
        code(read(book("<worksheet/>", &text), None)),
        "WORKBOOK_TOO_LARGE"
    );
    // Too many parts.
    let names: Vec<String> = (0..2_100).map(|n| format!("part{n}")).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(code(read(zipped(&parts), None)), "WORKBOOK_TOO_LARGE");
}

#[test]
fn a_cut_workbook_ends_with_a_refusal_wherever_it_is_cut() {
    let sheet = "<worksheet><sheetData><row><c><v>5</v></c></row></sheetData></worksheet>";
    let whole = book(sheet, "<sst/>").into_inner();
    for end in (0..whole.len()).step_by(37) {
        assert!(
            read(Cursor::new(whole[..end].to_vec()), None).is_err(),
            "{end}"
        );
    }
    for at in (0..whole.len()).step_by(11) {
        let mut changed = whole.clone();
        changed[at] ^= 0xff;
        let _ = read(Cursor::new(changed), None);
    }
}

#[test]
fn formats_are_told_apart() {
    use formats::Shown::*;
    for (code, shown) in [
        ("General", Plain),
        ("@", Plain),
        ("0.00", Fixed(2)),
        ("#,##0", Fixed(0)),
        ("0.0%", Percent(1)),
        ("00000", Padded(5)),
        ("yyyy-mm-dd", Date),
        ("[$-804]yyyy\"年\"m\"月\"d\"日\";@", Date),
        ("yyyy/m/d h:mm", DateTime),
        ("h:mm:ss", Time),
        ("0.00E+00", Plain),
        ("\"共\"0\"个\"", Fixed(0)),
    ] {
        assert_eq!(formats::of_code(code), shown, "{code}");
    }
    assert_eq!(formats::text("1", Date, false), "1900-01-01");
    assert_eq!(formats::text("61", Date, false), "1900-03-01");
    assert_eq!(formats::text("0", Date, true), "1904-01-01");
    assert_eq!(formats::text("-1", Date, false), "-1");
    assert_eq!(
        formats::text("911100000000000000", Plain, false),
        "911100000000000000"
    );
    assert_eq!(formats::text("nonsense", Plain, false), "nonsense");
}
