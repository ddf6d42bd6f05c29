//! Sockets to requests: so many at a time, each with a limit of time for its head, and all ended together.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::limits::{CONNECTIONS_MAX, END_TIME_MAX, HEAD_TIME_MAX};

/// The wait after a refusal of the system, such as of too many open files.
const AGAIN: Duration = Duration::from_millis(100);
/// The most bytes of the head of a request.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// Answers requests until the server ends; then those under way have a moment, and idle sockets none.
pub async fn listen(listener: TcpListener, router: Router, mut ending: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = ending.wait_for(|is_ending| *is_ending) => break,
            Some(_) = open.join_next() => continue,
            accepted = accept(&listener, &places) => accepted,
        };
        let (socket, place) = accepted;
        let (router, ending) = (router.clone(), ending.clone());
        open.spawn(async move {
            connection(socket, router, ending).await;
            drop(place);
        });
    }
    drop(listener);
    let all = async { while open.join_next().await.is_some() {} };
    // What is not over by then is cut off with the runtime.
    let _ = timeout(END_TIME_MAX, all).await;
}

/// The next socket, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let place = places.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((socket, _)) => return (socket, place),
            Err(_) => sleep(AGAIN).await,
        }
    }
}

async fn connection(socket: TcpStream, router: Router, mut ending: watch::Receiver<bool>) {
    let _ = socket.set_nodelay(true);
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME_MAX).max_buf_size(HEAD_BYTES_MAX);
    let service = TowerToHyperService::new(router);
    let mut connection = std::pin::pin!(server.serve_connection(TokioIo::new(socket), service));
    // A socket that breaks is the affair of its client.
    let is_over = tokio::select! {
        _ = connection.as_mut() => true,
        _ = ending.wait_for(|is_ending| *is_ending) => false,
    };
    if !is_over {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}
