//! Sizes, durations and protocols as `analyzer.py` writes them.

/// Octets, in the analyzer's words.
pub fn size(octets: u64) -> String {
    let size = octets as f64;
    match octets {
        0..1024 => format!("{octets}B"),
        1024..0x10_0000 => format!("{:.2}K", size / 1024.0),
        0x10_0000..0x4000_0000 => format!("{:.2}M", size / 1024.0 / 1024.0),
        _ => format!("{:.2}G", size / 1024.0 / 1024.0 / 1024.0),
    }
}

/// A duration; a negative difference is taken for a wrap of 2^32.
pub fn duration(elapsed: i64) -> String {
    let milliseconds = if elapsed < 0 {
        elapsed + (1 << 32)
    } else {
        elapsed
    };
    let seconds = milliseconds.div_euclid(1000);
    match seconds {
        ..60 => format!("{seconds} sec"),
        60..=3600 => format!("{:02}:{:02} min", seconds / 60, seconds % 60),
        _ => format!(
            "{}:{:02}.{:02} hours",
            seconds / 3600,
            seconds % 3600 / 60,
            seconds % 60
        ),
    }
}

/// The protocols that have a name.
pub fn protocol(protocol: Option<i32>) -> &'static str {
    match protocol {
        Some(1) => "ICMP",
        Some(6) => "TCP",
        Some(17) => "UDP",
        Some(58) => "ICMPv6",
        _ => "UNKNOWN",
    }
}
