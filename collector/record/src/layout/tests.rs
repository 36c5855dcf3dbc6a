//! Every byte comes back, and runs of one program look the same.

use super::*;
use procglass_model::bundle::template::{fill, words};
use proptest::prelude::*;

const STAT: &[u8] = b"9 (a) b) S 4 9 9 0 -1 4194304 76 0 0 0 0 0 0 0 20 0 1 0 59443 2990080 411 184467440 \
    94241795317760 94241795335689 140731292146720 0 0 0 0 16781316 0 1 0 0 17 0 0 0 0 0 0 94241795349776 \
    94241795351040 94242121621504 140731292154546 140731292154564 140731292154564 140731292155881 0\n";
const MAPS: &[u8] = b"55b660bb8000-55b660bba000 r--p 00000000 fe:00 247774                     /usr/bin/{sleep}\n\
    55b660bc2000-55b660bc3000 rw-p 0000a000 fe:00 247774                     /usr/bin/\xff\n\
    55b6742ea000-55b67430b000 rw-p 00000000 00:00 0                          [heap]\n\
    7f5ccaf8e000-7f5ccafe5000 r--p 00000000 fe:00 316534                     /usr/lib/locale/C.utf8/LC_CTYPE\n\
    nonsense\n\
    7f5ccb219000-7f5ccb21b000 rw-p 00033000 fe:00 325843                     /usr/lib/ld-linux-x86-64.so.2\n\
    7ffe8eab7000-7ffe8ead8000 rw-p 00000000 00:00 0                          [stack]\n\
    7ffe8eadc000-7ffe8eade000 r-xp 00000000 00:00 0                          [vdso]\n\
    ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n\
    7ffe8eadc000-7ffe8e";

fn learned(maps: &[u8], stat: &[u8]) -> Layout {
    let mut layout = Layout::default();
    layout.begin(9);
    layout.learn(maps, stat);
    layout
}

fn filled(layout: &Layout) -> Vec<u8> {
    fill(&layout.template, &layout.bases().into(), b"").unwrap()
}

#[test]
fn an_ordinary_process_has_five_areas_and_a_stack() {
    let mut layout = learned(MAPS, STAT);
    let text = String::from_utf8_lossy(&layout.template).into_owned();
    assert!(text.starts_with(
        "{b}-{b+2000} r--p 00000000 fe:00 247774                     /usr/bin/{{sleep}\n{b+a000}-"
    ));
    assert!(text.contains("{c}-{c+21000} rw-p") && text.contains("\n{d-2000}-{d} rw-p 00033000"), "{text}");
    assert!(
        text.contains("\nnonsense\n")
            && text.contains("{e-21000}-{e} rw-p")
            && text.contains("{f-2000}-{f} r-xp")
    );
    assert!(text.contains("\nffffffffff600000-"), "{text}");
    assert_eq!(filled(&layout), MAPS);
    assert_eq!(layout.bases().count(), 7);
    layout.stat(STAT);
    let text = String::from_utf8_lossy(&layout.template).into_owned();
    assert!(
        text.starts_with("{a:d} (a) b) S 4 {a:d} {a:d} ") && text.contains(" {b+2000:d} {b+6609:d} {g:d} 0 "),
        "{text}"
    );
    assert!(text.ends_with("{c:d} {e-54e:d} {e-53c:d} {e-53c:d} {e-17:d} 0\n"), "{text}");
    assert_eq!(filled(&layout), STAT);
    let call = b"230 0x0 0x0 0x7ffe8ead5a30 0x7ffe8ead5a70 0x0 0x0 0x7ffe8ead5a18 0x7f5ccb0c0503\n";
    layout.syscall(call);
    assert_eq!(
        String::from_utf8_lossy(&layout.template),
        "230 0x0 0x0 0x{g-1f0} 0x{g-1b0} 0x0 0x0 0x{g-208} 0x{d-15aafd}\n"
    );
    assert_eq!(filled(&layout), call);
    let auxv: Vec<u8> =
        [33, 0x7ffe_8ead_c000, 3, 0x55b6_60bb_8040, 25, 0x7ffe_8ead_5e79, 16, 0x178b_fbff, 0, 0u64]
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
    assert!(layout.auxv(&auxv));
    assert_eq!(layout.template, b"21 {f-2000}\n3 {b+40}\n19 {g+259}\n10 178bfbff\n0 0\n");
    assert_eq!(words(&filled(&layout)).unwrap(), auxv);
    assert!(!layout.auxv(&auxv[1..]));
}

#[test]
fn two_runs_of_a_program_have_one_template() {
    let text = String::from_utf8_lossy(MAPS);
    let first = text.rsplit_once('\n').unwrap().0.to_owned() + "\n";
    let mut second = first.clone();
    for (from, to) in [("55b660b", "5612340"), ("55b674", "561240"), ("7f5cc", "7f0aa"), ("7ffe8e", "7fff12")]
    {
        second = second.replace(from, to);
    }
    let template = |maps: &str| learned(maps.as_bytes(), b"").template;
    assert_ne!(first, second);
    assert_eq!(template(&first), template(&second));
}

#[test]
fn what_has_no_memory_has_no_layout() {
    for maps in [&b""[..], b"nonsense\n", b"ffffffffff600000-ffffffffff601000 --xp\n"] {
        assert!(!Layout::default().learn(maps, STAT));
    }
}

/// Something like a line of maps, or not.
fn row() -> impl Strategy<Value = String> {
    let address = prop_oneof!["[0-9a-f]{8}", "[1-9a-f][0-9a-f]{8,16}", "0{1,8}[0-9a-f]{0,9}", "[ -~]{0,12}"];
    let tail = prop_oneof!["[ -~]{0,40}", Just("[heap]".to_owned()), Just("[stack]".to_owned())];
    (address.clone(), address, tail).prop_map(|(start, end, tail)| format!("{start}-{end} rw-p {tail}"))
}

proptest! {
    #[test]
    fn every_byte_comes_back(
        rows in prop::collection::vec(row(), 0..60),
        end in "\n?",
        fields in prop::collection::vec("[0-9]{0,22}", 0..60),
        calls in prop::collection::vec("(0x)?[0-9a-f]{0,18}", 0..12),
        auxv in prop::collection::vec(any::<u64>(), 0..20),
    ) {
        let maps = rows.join("\n") + &end;
        let stat = format!("1 (x) {}", fields.join(" "));
        let call = calls.join(" ");
        let auxv: Vec<u8> = auxv.iter().flat_map(|word| word.to_le_bytes()).collect();
        let mut layout = Layout::default();
        if layout.learn(maps.as_bytes(), stat.as_bytes()) {
            prop_assert_eq!(String::from_utf8(filled(&layout)).unwrap(), maps);
            layout.stat(stat.as_bytes());
            prop_assert_eq!(String::from_utf8(filled(&layout)).unwrap(), stat);
            layout.syscall(call.as_bytes());
            prop_assert_eq!(String::from_utf8(filled(&layout)).unwrap(), call);
            if layout.auxv(&auxv) {
                prop_assert_eq!(words(&filled(&layout)).unwrap(), auxv);
            }
        }
    }

    #[test]
    fn any_bytes_come_back(maps: Vec<u8>, stat: Vec<u8>) {
        let mut layout = Layout::default();
        let maps = [b"55b660bb8000-55b660bba000 r--p\n", maps.as_slice()].concat();
        prop_assert!(layout.learn(&maps, &stat));
        prop_assert_eq!(filled(&layout), maps);
        layout.stat(&stat);
        prop_assert_eq!(filled(&layout), stat.clone());
        layout.syscall(&stat);
        prop_assert_eq!(filled(&layout), stat);
    }
}
