//! What follows from the model: who started whom, who owns which socket, what belongs to which container.

pub mod capability;
pub mod children;
pub mod container;
pub mod direction;
pub mod facet;
pub mod flow;
pub mod join;
pub mod memory;
pub mod overview;
pub mod pipe;
pub mod scope;
pub mod search;
pub mod source;
pub mod talk;
pub mod timeline;
pub mod tree;
