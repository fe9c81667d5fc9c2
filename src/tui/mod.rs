//! stub
use crate::{
    load::Inputs, model::time::Zone, names::Services, query::run::Query, table::build::Pairing,
};
use std::{io, process::ExitCode, sync::Arc};
pub struct Start {
    pub query: Query,
    pub pairing: Pairing,
    pub zone: Zone,
    pub services: Arc<Services>,
    pub dns: bool,
}
pub fn run(_: Start, _: Inputs) -> io::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
