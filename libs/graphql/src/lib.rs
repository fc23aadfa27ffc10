//! What every subgraph does the same way: errors, ids, money, paging, and being one part of the
//! federated graph.

mod caller;
mod error;
mod input;
mod loader;
mod page;
mod subgraph;
mod values;

pub use caller::{caller, language, of_caller};
pub use error::{GraphqlResultExt, speak, to_graphql};
pub use input::{parse, parse_id};
pub use loader::loader;
pub use page::{Cursor, MAX_PAGE, PageArgs, connection};
pub use subgraph::{Subgraph, federation_sdl, limited};
pub use values::{AreaScalar, Money, RateScalar};
