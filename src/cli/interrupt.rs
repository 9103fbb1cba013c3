//! Ctrl-C, and being told to end: the cursor is shown again, temporary files go, exit code 130.

use crate::error::Kind;

/// Ends the process in order when it is interrupted.
pub(super) fn handle() {
    let handler = || {
        crate::fs::sweep();
        // A question or a progress bar may have hidden it. Last, since a bar is drawn while others work.
        let terminal = dialoguer::console::Term::stderr();
        if terminal.is_term() {
            let _ = terminal.show_cursor();
            let _ = terminal.clear_line();
        }
        #[expect(
            clippy::exit,
            reason = "the thread that works cannot be made to return; what an exit skips is done above"
        )]
        std::process::exit(Kind::Interrupted.exit_code().into());
    };
    // It fails only where another handler is set, and none is.
    let _ = ctrlc::set_handler(handler);
}
