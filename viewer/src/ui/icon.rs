//! Icons, drawn here: 16 by 16, lines of one width, in the colour of the text around them.

use yew::prelude::*;

/// Every icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Overview,
    Findings,
    Tree,
    Network,
    Files,
    Timeline,
    Evidence,
    Systems,
    Compare,
    Logs,
    Search,
    Open,
    Copy,
    Done,
    Warning,
    Broken,
    Help,
    Close,
    Source,
    Link,
    Note,
    Expand,
    Collapse,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Overview => "M2.5 2.5h11v11h-11zM5 6h6M5 8.5h6M5 11h3.5",
            Self::Findings => {
                "M8 1.8 13.5 4v4c0 3.2-2.3 5.4-5.5 6.3C4.8 13.4 2.5 11.2 2.5 8V4zM8 5v3.4M8 10.6v.5"
            }
            Self::Tree => "M3 2.5v8.5a1.5 1.5 0 0 0 1.5 1.5H7M3 6.5h4M9 4.5h4.5v3.5H9zM9 10.5h4.5V14H9z",
            Self::Network => "M8 2v4M8 6l-4.5 4M8 6l4.5 4M6.8 2h2.4M2 10h3v3.5H2zM11 10h3v3.5h-3z",
            Self::Files => "M4 1.8h5l3.2 3.2v9.2H4zM9 1.8V5h3.2",
            Self::Timeline => "M2 13.5h12M3.5 11V8M6.5 11V3M9.5 11V6M12.5 11V9",
            Self::Evidence => "M2 4.5h12M3 4.5V13.5h10V4.5M5 2h6l3 2.5H2zM6 8h4",
            Self::Systems => "M2 2.5h5v4H2zM9 2.5h5v4H9zM5.5 9.5h5v4h-5zM4.5 6.5 8 9.5M11.5 6.5 8 9.5",
            Self::Compare => "M2 2.5h5v11H2zM9 2.5h5v11H9zM3.5 5.5h2M3.5 8h2M10.5 5.5h2M10.5 10.5h2",
            Self::Logs => "M3 2.5h10v11H3zM5 5.5h6M5 8h6M5 10.5h4",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14",
            Self::Open => "M2 13V3.5h4l1.5 2H13V7M2 13l2-6h10.5l-2 6z",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Done => "M3 8.5 6.5 12 13 4.5",
            Self::Warning => "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.4v.6",
            Self::Broken => {
                "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"
            }
            Self::Help => {
                "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M6.2 6.2A1.8 1.8 0 1 1 8 8.2v1M8 11v.6"
            }
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Source => "M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4",
            Self::Link => "M6 3.5H2.5v10h10V10M9 2.5h4.5V7M13 3 7.5 8.5",
            Self::Note => "M3 2.5h10v7.2L9.3 13.5H3zM13 9.7H9.3v3.8M5.5 5.5h5M5.5 8h3",
            Self::Expand => "M3 5.5 8 10.5 13 5.5",
            Self::Collapse => "M5.5 3 10.5 8 5.5 13",
        }
    }

    /// The drawing; it says nothing to those who hear the page, so words stand beside it.
    pub(crate) fn html(self) -> Html {
        html! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d={self.path()} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" />
            </svg>
        }
    }
}
