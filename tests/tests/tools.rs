//! A bundle with ordinary tools, whole and cut, and the command line's manners.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::dist::{Bundle, bytes, collect, procglass, show};
use procglass_tests::skip::skipped;
use std::collections::HashSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

#[test]
fn tar_sha256sum_and_json_work_on_it() {
    let bundle = Bundle::of_this_machine(&["--case", "C-1", "--operator", "A. N. Other"]);
    let folder = bundle.beside("unpacked");
    std::fs::create_dir(&folder).unwrap();
    let tar = Command::new("tar").arg("xzf").arg(&bundle.path).arg("-C").arg(&folder).status().unwrap();
    assert!(tar.success());
    let sums = Command::new("sha256sum")
        .args(["-c", "--strict", "SHA256SUMS"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stderr));
    let lines = String::from_utf8(sums.stdout).unwrap();
    assert!(lines.lines().count() > 10 && lines.lines().all(|line| line.ends_with(": OK")));
    // Where jq is installed, it reads every JSON member; the standard library of Python does everywhere.
    let check = "import json,sys,glob\nfor f in glob.glob('**/*.json',recursive=True): json.load(open(f,encoding='utf-8'))\nprint(json.load(open('manifest.json'))['case'])";
    let python = Command::new("python3").args(["-c", check]).current_dir(&folder).output().unwrap();
    assert_eq!(
        String::from_utf8(python.stdout).unwrap().trim(),
        "C-1",
        "{}",
        String::from_utf8_lossy(&python.stderr)
    );
    match Command::new("jq").args(["-r", ".operator", "manifest.json"]).current_dir(&folder).output() {
        Ok(jq) => assert_eq!(String::from_utf8(jq.stdout).unwrap().trim(), "A. N. Other"),
        Err(_) => skipped("jq is not installed"),
    }
}

#[test]
fn any_beginning_of_a_bundle_shows_its_whole_members() {
    let bundle = Bundle::of_this_machine(&[]);
    let whole = std::fs::read(&bundle.path).unwrap();
    let all: HashSet<u64> =
        bundle.show("processes", &[]).iter().map(|row| row["pid"].as_u64().unwrap()).collect();
    let cut = bundle.beside("cut.tar.gz");
    let mut most = 0;
    for part in 1..20 {
        std::fs::write(&cut, &whole[..whole.len() * part / 20]).unwrap();
        let output = procglass(&["show", cut.to_str().unwrap(), "processes", "--format", "json"]);
        // Before the first whole member there is nothing to show.
        if output.status.code() == Some(1) {
            assert_eq!(most, 0);
            continue;
        }
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stderr).contains("incomplete"));
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        assert!(rows.len() >= most && rows.iter().all(|row| all.contains(&row["pid"].as_u64().unwrap())));
        most = rows.len();
    }
    assert!(most * 2 > all.len(), "{most} of {}", all.len());
    let verify = procglass(&["verify", bundle.path.to_str().unwrap(), cut.to_str().unwrap()]);
    let text = String::from_utf8(verify.stdout).unwrap();
    assert_eq!(verify.status.code(), Some(3));
    assert!(text.contains(": intact: all ") && text.contains(": incomplete: "), "{text}");
}

#[test]
fn armored_through_a_terminal_log() {
    let output = collect(&["-o", "-", "--armor", "--quiet", "--pid", &std::process::id().to_string()]);
    assert!(output.status.success());
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("terminal.log");
    let text = String::from_utf8(output.stdout).unwrap().replace('\n', "\r\n");
    std::fs::write(&log, format!("sh-5.2# ./procglass-collect --armor -o -\r\n{text}sh-5.2# exit\r\n"))
        .unwrap();
    let rows = show(&log, "processes", &[]);
    assert!(rows.iter().any(|row| row["pid"] == u64::from(std::process::id())));
}

#[test]
fn the_command_line_says_what_is_wrong() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let path = bundle.path.to_str().unwrap();
    let other = bundle.beside("notes.zip");
    std::fs::write(&other, b"PK\x03\x04rest").unwrap();
    let cases = [
        (vec!["show", path, "prosesses"], 2, "is no view"),
        (vec!["show", path], 2, "VIEW"),
        (vec!["show", path, "processes", "--filter", "nmae:x"], 2, "no field `nmae`"),
        (vec!["show", "/nonexistent", "processes"], 1, "could not be opened"),
        (vec!["show", other.to_str().unwrap(), "processes"], 1, "zip archive"),
        (vec!["report", path, "-o", "/nonexistent/r.html"], 1, "could not be written"),
    ];
    for (args, code, part) in cases {
        let output = procglass(&args);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
        assert!(text.contains(part), "{args:?}: {text}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let bundle = Bundle::of_this_machine(&[]);
    let shell = format!(
        "{} show {} files --format csv | head -n 1",
        procglass_tests::dist::path("procglass").display(),
        bundle.path.display()
    );
    let output = Command::new("sh").args(["-c", &shell]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "pid,fd,target,kind,deleted");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_report_gives_the_bundle_back_bit_for_bit() {
    use base64::Engine as _;
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let html = std::fs::read_to_string(bundle.report()).unwrap();
    let piece = html.split("id=\"procglass-piece-0-0\">").nth(1).unwrap().split('<').next().unwrap();
    let back = base64::engine::general_purpose::STANDARD.decode(piece).unwrap();
    assert_eq!(back, std::fs::read(&bundle.path).unwrap());
}

#[test]
fn hostile_bytes_come_through_a_pipe_exactly() {
    // A name that is not UTF-8, through every step: the kernel, the bundle, the reader, JSON.
    let script = "import ctypes,sys\nctypes.CDLL(None).prctl(15, b'\\xff\\xfecaf\\xe9)x', 0, 0, 0)\nsys.stdout.write('ready\\n')\nsys.stdout.flush()\nsys.stdin.read()";
    let mut child = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    let output = collect(&["-o", "-", "--quiet", "--pid", &child.id().to_string()]);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&output.stdout).unwrap();
    let rows = show(file.path(), "processes", &[]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(bytes(&rows[0]["name"]), b"\xff\xfecaf\xe9)x");
}
