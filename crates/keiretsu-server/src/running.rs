//! A server from its settings to its end.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::net::{IpAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use keiretsu::{Dates, OpenError, Session, system_words};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::guard::Guard;
use crate::{listening, routes, watching};

/// Threads that speak with clients; questions have threads of their own.
const TALKING: usize = 2;
/// The most threads for questions and files. Questions take as many as the machine has, and not more.
const BLOCKING_MAX: usize = 64;
/// How long threads may go on once the server has ended.
const LAST: Duration = Duration::from_millis(200);

/// What is served, where, and to whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of the model, or its root file.
    pub model: PathBuf,
    /// The days that the model is looked at from.
    pub dates: Dates,
    /// The address to listen under. Any but one of this machine alone demands a token.
    pub host: String,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Whether files of the model may be written.
    pub may_edit: bool,
    /// Whether the folder is watched.
    pub watches: bool,
}

impl Default for Settings {
    /// The model in this folder, for this machine alone, to read.
    fn default() -> Self {
        Self {
            model: PathBuf::from("."),
            dates: Dates::default(),
            host: "127.0.0.1".to_owned(),
            port: 0,
            may_edit: false,
            watches: true,
        }
    }
}

/// Why nothing is served.
#[derive(Debug)]
pub enum StartError {
    /// The model cannot be opened.
    Open(OpenError),
    /// The address cannot be listened under.
    Listen(String, io::Error),
    /// The system gives no threads or random numbers.
    System(String),
}

impl Display for StartError {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => error.fmt(out),
            Self::Listen(address, error) => {
                write!(out, "{address} cannot be listened under: {}", system_words(error))
            }
            Self::System(why) => write!(out, "the server cannot begin: {why}"),
        }
    }
}

impl std::error::Error for StartError {}

/// A server that runs.
pub struct Server {
    runtime: Runtime,
    app: App,
    host: String,
    port: u16,
    listening: JoinHandle<()>,
}

/// Ends a server, from any thread.
#[derive(Clone)]
pub struct Stopper(App);

impl Stopper {
    /// Ends it: streams are over, jobs are stopped, and [`Server::wait`] comes back.
    pub fn stop(&self) {
        self.0.jobs.end();
        self.0.ending.send_replace(true);
    }
}

/// Opens a model and listens.
///
/// # Errors
/// If the model cannot be opened at all, or the address is taken. A model with errors is served with them.
pub fn start(settings: &Settings) -> Result<Server, StartError> {
    let session = Session::open(&settings.model, settings.dates).map_err(StartError::Open)?;
    let host = settings.host.trim_start_matches('[').trim_end_matches(']');
    let address = format!("{} port {}", settings.host, settings.port);
    let refused = |error| StartError::Listen(address.clone(), error);
    let listener = TcpListener::bind((host, settings.port)).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let local = listener.local_addr().map_err(refused)?;
    let port = local.port();
    let system = |error: &dyn Display| StartError::System(error.to_string());
    let guard = match local.ip() {
        ip if ip.is_loopback() => Guard::local(port),
        _ => Guard::open(port, &settings.host).map_err(|error| system(&error))?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(TALKING)
        .max_blocking_threads(BLOCKING_MAX)
        .thread_name("keiretsu-serve")
        .enable_all()
        .build()
        .map_err(|error| system(&error))?;
    let app = App::new(&settings.model, settings.dates, settings.may_edit, session, guard);
    if settings.watches {
        runtime.spawn(watching::watch(app.clone()));
    }
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener).map_err(refused)?
    };
    let listening = listening::listen(listener, routes::router(app.clone()), app.ending.subscribe());
    let listening = runtime.spawn(listening);
    Ok(Server { listening, host: written(host, local.ip()), port, app, runtime })
}

/// A host as it stands in addresses.
fn written(host: &str, ip: IpAddr) -> String {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(_)) => format!("[{ip}]"),
        _ => host.to_owned(),
    }
}

impl Server {
    /// The address of the page: `http://127.0.0.1:8000`.
    pub fn address(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }

    /// The token that requests must know; none where the server is for this machine alone.
    pub fn token(&self) -> Option<&str> {
        self.app.guard.token()
    }

    /// A handle that ends it.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.app.clone())
    }

    /// Waits until it is ended.
    pub fn wait(self) {
        // A listener that broke has ended too.
        let _ = self.runtime.block_on(self.listening);
        self.app.jobs.end();
        self.runtime.shutdown_timeout(LAST);
    }
}
