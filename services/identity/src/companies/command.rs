//! `identity operator …`: the platform's interface on the command line.

use super::{
    change_state::change_state,
    create::{NewCompany, create},
    operators,
    usage::usage,
};
use crate::{IdentityError, credentials::Passwords, keys::Keys};
use authz::{Actor, TenantState};
use clap::{Args, Subcommand};
use clock::Clock;
use config::Config;
use db::Db;
use std::io::BufRead as _;
use vault::Vault;

/// What an operator can do at the machine itself.
#[derive(Debug, Subcommand)]
pub enum OperatorCommand {
    /// Register an operator for the HTTP interface; the password is read from standard input.
    Add {
        /// The operator's sign-in name.
        name: String,
    },
    /// Create a company; prints the token with which its administrator sets a password.
    CreateCompany(CreateCompany),
    /// Let a company read and export only.
    Suspend(StateChange),
    /// Let a suspended company work again.
    Resume(StateChange),
    /// Let nobody of a company in, for good.
    Close(StateChange),
    /// Print what each company uses, as JSON.
    Usage,
    /// Make a new signing key, which signs from a minute on.
    RotateKey,
}

/// A company to be.
#[derive(Debug, Args)]
pub struct CreateCompany {
    /// Lower-case letters, digits and hyphens.
    #[arg(long)]
    code: String,
    /// The company's name.
    #[arg(long)]
    name: String,
    /// The administrator's sign-in name.
    #[arg(long)]
    admin_login: String,
    /// The administrator's name.
    #[arg(long)]
    admin_name: String,
}

/// Which company and why.
#[derive(Debug, Args)]
pub struct StateChange {
    /// The company's code.
    code: String,
    /// Kept in the company's audit log.
    #[arg(long)]
    reason: String,
}

/// The command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A rule or the database refused.
    #[error(transparent)]
    Refused(#[from] IdentityError),
    /// The configuration is wrong, or the database cannot be reached.
    #[error(transparent)]
    Start(#[from] runtime::StartError),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// Standard input cannot be read.
    #[error("the password cannot be read")]
    Input(#[from] std::io::Error),
    /// The answer cannot be printed.
    #[error("the answer cannot be printed")]
    Output(#[from] serde_json::Error),
}

/// Runs one command against the configured database.
pub async fn run(command: OperatorCommand, config: Config) -> Result<(), CommandError> {
    let db = runtime::connect(&config, "identity", Clock::system()).await?;
    let done = act(command, &db, &config).await;
    db.close().await;
    done
}

async fn act(command: OperatorCommand, db: &Db, config: &Config) -> Result<(), CommandError> {
    let user = std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned());
    let actor = Actor { kind: "operator", id: &user, origin: "command line" };
    let state = |change: StateChange, state| async move {
        change_state(db, actor, &change.code, state, &change.reason).await
    };
    match command {
        OperatorCommand::Add { name } => {
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let passwords = Passwords::from_config(config)?;
            println!("{}", operators::put(db, &passwords, &name, password).await?);
        }
        OperatorCommand::CreateCompany(new) => {
            let CreateCompany { code, name, admin_login, admin_name } = new;
            let new = NewCompany { code, name, admin_login, admin_name };
            let created = create(db, actor, new).await?;
            println!("company {}\npassword token {}", created.tenant, created.password_token);
        }
        OperatorCommand::Suspend(change) => state(change, TenantState::Suspended).await?,
        OperatorCommand::Resume(change) => state(change, TenantState::Active).await?,
        OperatorCommand::Close(change) => state(change, TenantState::Closed).await?,
        OperatorCommand::Usage => {
            println!("{}", serde_json::to_string_pretty(&usage(db).await?)?);
        }
        OperatorCommand::RotateKey => {
            let vault = Vault::from_config(config, db.clock().clone())?;
            println!("key {}", Keys::new(db.clone(), vault).rotate().await?);
        }
    }
    Ok(())
}
