//! Members of any name with anything in them: manifest, outcomes, tables, files of the host, answers of metadata services.
//! What is worked out of them is looked at as a whole, as a system among others, and against itself changed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_fuzz::{PART, look, members};
use procglass_query::write::{Answer, Form};
use procglass_query::{Filter, GROUPS, Table};
use procglass_systems::compare::{Comparison, Siblings};
use procglass_systems::{Question, Register, System};

fuzz_target!(|data: &[u8]| {
    let whole = members(data);
    look(&whole);
    // The same system with one part less.
    let end = data.iter().rposition(|byte| *byte == PART).unwrap_or(0);
    let less = members(&data[..end]);
    let comparison = Comparison::of(&less, &whole);
    let _ = comparison.sentence();
    let filter = Filter::default();
    write(Table::changes(&less, &whole, &comparison, &filter));
    let mut siblings = Siblings::new(&whole);
    siblings.add(&less);
    siblings.add(&whole);
    write(Table::differences(&whole, &siblings.finish(), 2, &filter));

    let mut register = Register::new();
    for (snapshot, name) in [(&whole, "a"), (&less, "b")] {
        let system = System::of(snapshot, name);
        let _ = (system.severity(), system.image(), system.image_digest(), system.own_container());
        let _ = system.processes.iter().map(|process| process.label().len()).sum::<usize>();
        let _ = system.sockets.iter().map(|socket| socket.line().len()).sum::<usize>();
        register.add(system);
    }
    for form in [Form::Text, Form::Csv, Form::Json] {
        write(Table::systems(&register, &filter, form));
    }
    for by in GROUPS {
        write(Table::groups(&register, &filter, by).expect("one of them"));
    }
    let (links, shared) = (register.links(), register.shared());
    for link in &links {
        let _ = link.sentence(&register);
    }
    write(Table::links(&register, &links, &filter));
    write(Table::shared(&register, &shared, &filter));
    write(Table::stories(&register, &register.stories(), &filter));
    for question in ["10.0.0.0/8", "443", "root"] {
        let question = Question::parse(question).expect("a question");
        write(Table::answers(&register, &register.ask(&question)));
    }
});

fn write(table: Table<'_>) {
    let answer = Answer { tables: vec![(String::new(), table)], with_system: false, tree: false };
    answer.write(Form::Json, &mut Vec::new()).expect("memory takes it");
}
