package import Diagnostics

/// An environment variable that the plan declares; only declared ones are readable.
package struct EnvironmentVariable: Sendable {
    package var name: Located<String>
    /// What it is when the environment does not say; nil makes it required.
    package var defaultValue: Located<String>?
    /// Whether its value must not appear in reports and logs.
    package var isSecret: Bool
    /// What the environment says, else the default; nil for a required variable without a value.
    package var value: String?

    package init(name: Located<String>, defaultValue: Located<String>?, isSecret: Bool, value: String?) {
        self.name = name
        self.defaultValue = defaultValue
        self.isSecret = isSecret
        self.value = value
    }
}
