//! A mail server that keeps what it is given, and refuses when told to.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use parking_lot::Mutex;
use std::{collections::VecDeque, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The line that named the recipient.
    pub to: String,
    /// Everything after it, as it came over the wire.
    pub data: String,
}

impl Arrived {
    /// A header's value, as it stands on its line.
    ///
    /// # Panics
    /// When there is none.
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.data.lines().find_map(|line| line.strip_prefix(&start)).expect("a header")
    }

    /// The text of each part.
    ///
    /// # Panics
    /// When a part is no text in base64.
    pub fn parts(&self) -> Vec<String> {
        let parts = self.data.split("Content-Transfer-Encoding: base64").skip(1);
        let text = |part: &str| {
            let body = part.split_once("\r\n\r\n").expect("a body").1;
            let lines = body.lines().take_while(|line| !line.is_empty() && !line.starts_with("--"));
            let text = STANDARD.decode(lines.collect::<String>()).expect("base64");
            String::from_utf8(text).expect("text").replace("\r\n", "\n")
        };
        parts.map(text).collect()
    }
}

/// The mail server.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    refusals: Arc<Mutex<VecDeque<String>>>,
}

impl Sink {
    /// What arrived.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().clone()
    }

    /// Answers the next recipient so, e.g. `451 later`.
    pub fn refuse(&self, answer: &str) {
        self.refusals.lock().push_back(answer.to_owned());
    }

    /// Takes mail for ever.
    pub async fn serve(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let sink = self.clone();
            tokio::spawn(async move { drop(sink.talk(stream).await) });
        }
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 sink\r\n").await?;
        let mut to = String::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let refusal = || self.refusals.lock().pop_front();
            let answer = match line.get(..4).unwrap_or_default() {
                "RCPT" => {
                    line.trim_end().clone_into(&mut to);
                    refusal().unwrap_or_else(|| "250 ok".to_owned())
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let mut data = String::new();
                    while !data.ends_with("\r\n.\r\n") {
                        stream.read_line(&mut data).await?;
                    }
                    self.arrived.lock().push(Arrived { to: to.clone(), data });
                    "250 taken".to_owned()
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "250 ok".to_owned(),
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}
