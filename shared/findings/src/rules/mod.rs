//! One file a rule.

use super::rule::Rule;

mod bpf_program;
mod container_escape;
mod credential_file;
mod cryptominer;
mod deleted_open_file;
mod deleted_program;
mod fake_kernel_thread;
mod false_title;
mod hidden_process;
mod history_off;
mod kernel_helper;
mod kernel_module;
mod memory_program;
mod metadata_service;
mod namespace_hop;
mod odd_code;
mod odd_place;
mod packet_socket;
mod passive_backdoor;
mod preload_file;
mod preloaded_library;
mod promiscuous_interface;
mod raw_socket;
mod replaced_image;
mod saved_root;
mod shell_on_pipe;
mod shell_on_socket;
mod ssh_backdoor;
mod traced_process;
mod tunnel;
mod unexplained_root;
mod web_server_shell;
mod wiped_arguments;
mod writable_code;

/// Every rule, the gravest kinds first.
pub static RULES: &[&Rule] = &[
    &shell_on_socket::RULE,
    &shell_on_pipe::RULE,
    &passive_backdoor::RULE,
    &web_server_shell::RULE,
    &memory_program::RULE,
    &fake_kernel_thread::RULE,
    &hidden_process::RULE,
    &deleted_program::RULE,
    &odd_place::RULE,
    &false_title::RULE,
    &wiped_arguments::RULE,
    &cryptominer::RULE,
    &preloaded_library::RULE,
    &preload_file::RULE,
    &odd_code::RULE,
    &writable_code::RULE,
    &replaced_image::RULE,
    &traced_process::RULE,
    &credential_file::RULE,
    &ssh_backdoor::RULE,
    &metadata_service::RULE,
    &packet_socket::RULE,
    &raw_socket::RULE,
    &promiscuous_interface::RULE,
    &tunnel::RULE,
    &container_escape::RULE,
    &namespace_hop::RULE,
    &unexplained_root::RULE,
    &saved_root::RULE,
    &history_off::RULE,
    &kernel_helper::RULE,
    &kernel_module::RULE,
    &bpf_program::RULE,
    &deleted_open_file::RULE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rules_are_complete_and_distinct() {
        let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            let Rule { id, title, why, detail, harmless, next, blind, attack, .. } = rule;
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
            assert!(
                !title.ends_with('.') && !attack.is_empty() && !harmless.is_empty() && !next.is_empty(),
                "{id}"
            );
            let sentences = [why, detail, blind].into_iter().chain(harmless.iter()).chain(next.iter());
            assert!(sentences.into_iter().all(|text| text.ends_with('.')), "{id}");
            // What stands first is for everyone.
            assert!(!why.contains("/proc") && !why.contains('('), "{id}: {why}");
        }
    }
}
