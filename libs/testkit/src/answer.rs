//! Reading a GraphQL answer.

use serde_json::Value;

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// `data`.
    pub data: Value,
    /// `errors`, possibly empty.
    pub errors: Vec<Value>,
}

impl Answer {
    /// Wraps a response.
    ///
    /// # Panics
    /// When the response is no JSON object.
    pub fn new(response: &async_graphql::Response) -> Self {
        Self::from_json(serde_json::to_value(response).expect("a response is JSON"))
    }

    /// Wraps a response body.
    pub fn from_json(mut body: Value) -> Self {
        let errors = body["errors"].take();
        Self { data: body["data"].take(), errors: errors.as_array().cloned().unwrap_or_default() }
    }

    /// `data`, when nothing went wrong.
    ///
    /// # Panics
    /// When there are errors; the text shows them.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.errors.is_empty(), "unexpected errors: {:#?}", self.errors);
        self.data
    }

    /// The code of the first error, e.g. `NOT_FOUND`.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn code(&self) -> &str {
        let error = self.errors.first().unwrap_or_else(|| panic!("no error in {:#}", self.data));
        error["extensions"]["code"].as_str().unwrap_or("no code")
    }

    /// The field that the first error blames.
    #[track_caller]
    pub fn field(&self) -> &str {
        self.errors.first().and_then(|e| e["extensions"]["field"].as_str()).unwrap_or("no field")
    }

    /// The text of the first error.
    pub fn message(&self) -> &str {
        self.errors.first().and_then(|e| e["message"].as_str()).unwrap_or_default()
    }
}
