//! Making everything that can be made, through the front door.

use super::{Actor, Company, Place, Stage, acted, http};
use bytes::Bytes;
use http::StatusCode;
use roster::{FeeLink, FeeSetting, FeeTarget, Formula};
use serde_json::{Value, json};
use sheets::{Language, XlsxWriter};
use std::{
    collections::BTreeSet,
    io::Cursor,
    time::{Duration, Instant},
};
use suite::{Document, Kind, is_made_up};
use testkit::World;

/// What a call may answer until other services have heard what it needs.
const WAITS: [&str; 3] = ["NOT_FOUND", "PROJECTION_BEHIND", "CONFLICT"];
/// The role of a home's owner, who makes what residents make.
pub const OWNER: &str = "OWN";
/// What lets an owner open an account, and the account's token.
const OWNERS_INVITATION: &str = "ownersInvitation";
const OWNERS_TOKEN: &str = "ownersToken";
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl Company {
    /// A new estate of the company.
    pub async fn estate(&self, world: &World, place: &Place) -> Value {
        let create = "mutation($input: CreateEstateInput!) { createEstate(input: $input) { estate { id } } }";
        let input = json!({ "code": place.text("estateCode"), "name": place.text("estateText"),
            "address": place.text("estateText") });
        let made = self.administer(world, create, input).await;
        let id = made["createEstate"]["estate"]["id"].clone();
        place.keep("estate", id.clone());
        id
    }
}

impl Stage {
    /// Everything the features say can be made, in the order in which it can; what an estate has one
    /// of is taken from the place beside it.
    ///
    /// # Panics
    /// When a call does not work, or needs what nobody makes.
    pub async fn make_all(&self, company: &Company, place: &Place, beside: Option<&Place>) {
        let names = [
            "colleague",
            "supportRequest",
            "upload",
            "feeUpload",
            "unwantedFeeUpload",
            "deskUpload",
        ];
        for name in names {
            self.provide(company, place, name).await;
        }
        let calls = self.documents.iter().filter(|document| document.by.is_some());
        let (mut left, mut wrong): (Vec<&Document>, Vec<String>) = (calls.collect(), Vec::new());
        loop {
            let (now, later): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|document| lacks(document, place).is_empty());
            left = later;
            if now.is_empty() {
                break;
            }
            for document in now {
                match beside.filter(|_| document.once) {
                    Some(other) => place.share(other, &document.keeps),
                    None => wrong.extend(self.make(company, place, document).await.err()),
                }
            }
        }
        // Whatever any call names or could name must be there.
        let clean = wrong.is_empty();
        let named = self.documents.iter().filter(|document| clean || document.by.is_some());
        let stuck = named.map(|document| (&document.name, unmade(document, place)));
        let stuck = stuck.filter(|(_, names)| !names.is_empty());
        wrong.extend(stuck.map(|(name, names)| format!("{name}: nobody makes {names:?}")));
        assert!(wrong.is_empty(), "what features say does not work:\n{}", wrong.join("\n"));
    }

    /// One call, repeated until other services have heard what it needs; keeps what came back and
    /// makes again what it used up.
    async fn make(
        &self,
        company: &Company,
        place: &Place,
        document: &Document,
    ) -> Result<(), String> {
        let role = document.by.as_deref().unwrap_or_default();
        let maker = match role {
            OWNER => Some(self.owner(company, place).await),
            _ => company.makers.get(role).cloned(),
        };
        let maker = maker.ok_or_else(|| format!("{}: nobody is {role} here", document.name))?;
        let begun = Instant::now();
        let answer = loop {
            let answer = self.ask(&maker, document, place).await;
            let found = document.keeps.iter().all(|keep| keep.find(&answer.data).is_some());
            // What fails inside the payload fails after the act, which cannot be repeated: whoever
            // makes a thing may see less of it than others.
            let done = document.kind == Kind::Mutation && acted(&answer);
            if found && (done || answer.errors.is_empty()) {
                break answer;
            }
            let code = answer.errors.first().map(|error| error["extensions"]["code"].clone());
            let waits = code.is_none_or(|code| WAITS.iter().any(|wait| code == *wait));
            if !waits || begun.elapsed() > PATIENCE {
                let seen = Value::from(answer.errors);
                return Err(format!("{} as {role}: {seen} {}", document.name, answer.data));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        for keep in &document.keeps {
            place.keep(&keep.name, keep.find(&answer.data).unwrap_or_default());
        }
        Box::pin(self.renew(company, place, document)).await
    }

    /// Makes again what a call used up.
    pub async fn renew(
        &self,
        company: &Company,
        place: &Place,
        document: &Document,
    ) -> Result<(), String> {
        for name in &document.renews {
            let maker = self.documents.iter().find(|d| d.keeps.iter().any(|k| k.name == *name));
            match maker {
                Some(maker) => self.make(company, place, maker).await?,
                None => self.provide(company, place, name).await,
            }
        }
        Ok(())
    }

    /// The owner of a place's home, who opens the account at first use.
    pub async fn owner(&self, company: &Company, place: &Place) -> Actor {
        let token = if let Some(token) = place.known(OWNERS_TOKEN) {
            token
        } else {
            let code = place.text(OWNERS_INVITATION);
            let token = Value::from(company.resident(&self.world, &code).await);
            place.keep(OWNERS_TOKEN, token.clone());
            token
        };
        let token = token.as_str().unwrap_or_default().to_owned();
        Actor { name: OWNER.to_owned(), token, bound: true, resident: true, upload: None }
    }

    /// What no operation of the graph makes.
    async fn provide(&self, company: &Company, place: &Place, name: &str) {
        let world = &self.world;
        let value = match name {
            "colleague" => {
                let hired = company.hire(world, place, None, None, &[]).await;
                place.keep("colleaguesLogin", hired.login.into());
                hired.user
            }
            "supportRequest" => company.support_request(world, place).await,
            "upload" => self.upload(&company.admin, place).await.expect("an upload").into(),
            "feeUpload" | "unwantedFeeUpload" => {
                let file = fees(place);
                let made = send_file(world, &company.admin, ("fees.xlsx", &file)).await;
                made.expect("an upload").into()
            }
            "deskUpload" => {
                let desk = company.makers.get("DESK").expect("somebody at the desk");
                self.desk_upload(&desk.token).await.expect("an upload").into()
            }
            other => panic!("nobody makes `{other}`"),
        };
        place.keep(name, value);
    }

    /// A roster with a parking space, uploaded by somebody; nothing when they may not.
    pub async fn upload(&self, token: &str, place: &Place) -> Option<String> {
        let (name, lot, space) =
            (place.text("unitText"), place.text("unitCode"), place.text("unitCode"));
        let plate = format!("皖A{}", place.text("unitCode"));
        let file = format!(
            "停车场编号,车位编码,停车场类型,面积,车牌号,车品牌\r\n{lot},{space},地下,12.50,{plate},{name}\r\n\
             {lot},{space}X,地下,1,,\r\n"
        );
        send_file(&self.world, token, (&format!("{name}.csv"), file.as_bytes())).await
    }

    /// A file uploaded to the service desk; nothing when this person may not.
    pub async fn desk_upload(&self, token: &str) -> Option<String> {
        send_file_to(&self.world, "service-desk", token, ("list.csv", b"a,b")).await
    }
}

/// Uploads a file to residents; its id, or nothing when this person may not.
pub async fn send_file(world: &World, token: &str, file: (&str, &[u8])) -> Option<String> {
    send_file_to(world, "residents", token, file).await
}

/// Uploads a file to a service; its id, or nothing when this person may not.
async fn send_file_to(
    world: &World,
    service: &str,
    token: &str,
    (name, bytes): (&str, &[u8]),
) -> Option<String> {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
    let bearer = format!("Bearer {token}");
    let kind = "multipart/form-data; boundary=b";
    let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
    let route = ("POST", "/files");
    let answer = http(world, service, route, &headers, Bytes::from(body)).await;
    let made: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let id = made["id"].as_str().filter(|_| answer.status() == StatusCode::CREATED);
    id.map(str::to_owned)
}

/// A file with one fee and its price, which applies to the whole estate long after today.
fn fees(place: &Place) -> Vec<u8> {
    let setting = FeeSetting {
        item: Some(place.text("estateCode")),
        ..FeeSetting::new(
            "1",
            &place.text("estateText"),
            Formula::Fixed("7".parse().expect("a price")),
        )
    };
    let link = FeeLink {
        target: FeeTarget::All { building: None, used_as: None },
        fee: "1".to_owned(),
        starts_on: "2027-06-01".parse().expect("a day"),
        ends_on: None,
    };
    let mut writer = XlsxWriter::new();
    roster::write_sheet(&mut writer, Language::En, [setting]).expect("a sheet of fees");
    roster::write_sheet(&mut writer, Language::En, [link]).expect("a sheet of links");
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).expect("a file");
    file.into_inner()
}

/// What a call names or could name and nobody has made.
fn unmade(document: &Document, place: &Place) -> BTreeSet<String> {
    let slots = document.slots.iter().map(|slot| slot.name.clone());
    let absent = slots.filter(|name| place.known(name).is_none());
    lacks(document, place).into_iter().chain(absent).collect()
}

/// What has to be made before a call can be.
fn lacks(document: &Document, place: &Place) -> BTreeSet<String> {
    let named = document.variables.iter().flat_map(|(_, template)| template.names());
    let named = named.map(|(_, name)| name).filter(|name| !is_made_up(name));
    let owners = document.by.as_deref() == Some(OWNER);
    let needed = named.chain(document.after.iter().map(String::as_str));
    let needed = needed.chain(owners.then_some(OWNERS_INVITATION));
    let missing = needed.filter(|name| place.known(name).is_none());
    // A nested field that names what the call itself makes can wait for the next one.
    missing.map(str::to_owned).collect()
}
