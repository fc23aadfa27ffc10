//! A crate's Fluent files.

use crate::{Arg, Language};
use fluent_bundle::{
    FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle as ConcurrentBundle,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};
use unic_langid::LanguageIdentifier;

type Bundle = ConcurrentBundle<FluentResource>;

/// The sentences of one crate in every language, read when the first is needed.
pub struct Catalogue {
    zh: &'static str,
    en: &'static str,
    bundles: OnceLock<[Bundle; 2]>,
}

impl Catalogue {
    /// The texts of both files.
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en, bundles: OnceLock::new() }
    }

    /// The sentence `id`; a defect in the files, which the tests exclude, leaves the bare id.
    pub(crate) fn say(&self, language: Language, id: &str, args: &[(&'static str, Arg)]) -> String {
        let [zh, en] = self.bundles.get_or_init(|| Language::ALL.map(|each| self.read(each).0));
        let bundle = match language {
            Language::Zh => zh,
            Language::En => en,
        };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let args: FluentArgs<'_> =
            args.iter().map(|(name, arg)| (*name, value(arg, language))).collect();
        bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    const fn source(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// The sentences of one language, and what is wrong with the file.
    fn read(&self, language: Language) -> (Bundle, Vec<String>) {
        let (resource, mut wrong) = match FluentResource::try_new(self.source(language).to_owned())
        {
            Ok(resource) => (resource, Vec::new()),
            Err((resource, errors)) => (resource, errors.iter().map(ToString::to_string).collect()),
        };
        let locale: LanguageIdentifier = match language {
            Language::Zh => "zh-CN",
            Language::En => "en",
        }
        .parse()
        .unwrap_or_default();
        let mut bundle = Bundle::new_concurrent(vec![locale]);
        // The marks are for mixed writing directions, which Chinese and English do not have.
        bundle.set_use_isolating(false);
        let added = bundle.add_resource(resource);
        wrong.extend(added.err().into_iter().flatten().map(|error| error.to_string()));
        (bundle, wrong)
    }

    /// What is wrong with the files, when `declared` are the sentences and their arguments.
    pub fn complaints(&self, declared: &[(&str, &[&str])]) -> Vec<String> {
        let mut all = Vec::new();
        for language in Language::ALL {
            let wanted: BTreeMap<&str, BTreeSet<&str>> =
                declared.iter().map(|(id, args)| (*id, args.iter().copied().collect())).collect();
            let found = written(self.source(language));
            let differ = |id: &&&str| wanted.get(**id) != found.get(**id);
            let ids: BTreeSet<&str> = wanted.keys().chain(found.keys()).copied().collect();
            let lines = ids.iter().filter(|id| differ(id)).map(|id| {
                let (wanted, found) = (wanted.get(id), found.get(id));
                format!("{language:?} {id}: declared with {wanted:?}, written with {found:?}")
            });
            all.extend(lines);
            all.extend(self.read(language).1);
        }
        all
    }
}

fn value(arg: &Arg, language: Language) -> FluentValue<'_> {
    match arg {
        Arg::Number(number) => FluentValue::from(*number),
        Arg::Plain(text) => FluentValue::from(text.as_str()),
        Arg::Text(text) => FluentValue::from(text.say(language)),
    }
}

/// The messages of a file with the arguments each names.
fn written(source: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, _)) = line.split_once('=').filter(|_| !line.starts_with([' ', '}'])) {
            current = Some(id.trim());
            all.entry(id.trim()).or_default();
        }
        let names = line.split('$').skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        });
        if let Some(id) = current {
            all.entry(id).or_default().extend(names);
        }
    }
    all
}
