//! Prometheus metrics (SEC-09).

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

use crate::error::{AppError, AppResult};

/// The process's metrics.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    /// Requests by method, route pattern and status.
    pub requests: IntCounterVec,
    /// Seconds a request took, by method and route pattern.
    pub seconds: HistogramVec,
    /// Requests under way.
    pub in_flight: IntGauge,
}

impl Metrics {
    /// Registers all metrics.
    ///
    /// # Errors
    /// When two metrics share a name.
    pub fn new() -> AppResult<Self> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new(
                "http_requests_total",
                "Requests by method, route and status.",
            ),
            &["method", "route", "status"],
        )
        .map_err(AppError::internal)?;
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "http_request_duration_seconds",
                "Duration of requests by method and route.",
            )
            .buckets(vec![
                0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
            ]),
            &["method", "route"],
        )
        .map_err(AppError::internal)?;
        let in_flight = IntGauge::new("http_requests_in_flight", "Requests under way.")
            .map_err(AppError::internal)?;
        for metric in [
            Box::new(requests.clone()) as Box<dyn prometheus::core::Collector>,
            Box::new(seconds.clone()),
            Box::new(in_flight.clone()),
        ] {
            registry.register(metric).map_err(AppError::internal)?;
        }
        Ok(Self {
            registry,
            requests,
            seconds,
            in_flight,
        })
    }

    /// The text that Prometheus scrapes.
    ///
    /// # Errors
    /// When encoding fails.
    pub fn render(&self) -> AppResult<String> {
        let mut text = Vec::new();
        TextEncoder::new()
            .encode(&self.registry.gather(), &mut text)
            .map_err(AppError::internal)?;
        String::from_utf8(text).map_err(AppError::internal)
    }
}
