//! Components that know nothing of processes.

pub(crate) mod banner;
pub(crate) mod brush;
pub(crate) mod bytes_view;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod dom;
pub(crate) mod facts;
pub(crate) mod hexdump;
pub(crate) mod histogram;
pub(crate) mod icon;
pub(crate) mod lines;
pub(crate) mod menu;
pub(crate) mod more;
pub(crate) mod picks;
pub(crate) mod popup;
pub(crate) mod reorder;
pub(crate) mod save;
pub(crate) mod select;
pub(crate) mod separator;
pub(crate) mod slot;
mod slots;
pub(crate) mod store;
pub(crate) mod tabs;
pub(crate) mod timer;
pub(crate) mod virtual_list;
pub(crate) mod window;
