/// The name of one kind of diagnostic, printed in brackets after it. A number is never used again for something else.
package enum DiagnosticCode: String, CaseIterable, Sendable {
    // 0xx: the text is not one well-formed YAML or JSON document (PlanSyntax).
    /// The file cannot be read.
    case unreadableFile = "WSP001"

    // 1xx: the document is not a plan (PlanModel).

    // 15x: a threshold is wrong (LoadMetrics).
    /// A threshold names a metric that does not exist.
    case unknownMetric = "WSP150"
    /// The key of a threshold is not `metric` or `metric{tag=value, …}`.
    case selectorSyntax = "WSP151"
    /// A selector asks for a tag that no sample of its metric can have.
    case unknownTag = "WSP152"
    /// A condition is not `aggregate operator value`.
    case thresholdSyntax = "WSP153"
    /// A condition's aggregate does not exist, or not for this kind of metric.
    case unknownAggregate = "WSP154"
    /// The limit of a threshold has no unit, and needs one.
    case thresholdWithoutUnit = "WSP155"
    /// The limit of a threshold has a unit that does not fit what it limits.
    case thresholdUnit = "WSP156"
    /// A number in a threshold is none, or out of its range.
    case thresholdNumber = "WSP157"

    // 2xx: a template or an expression is wrong (Expressions).
    /// The text is no expression.
    case malformedExpression = "WSP201"
    /// A `${` that does not end, or that stands where an expression stands bare.
    case malformedTemplate = "WSP202"
    /// No variable or fact has this name.
    case unknownName = "WSP203"
    /// The name means something, but not at this place.
    case nameNotAvailable = "WSP204"
    /// No function or macro has this name.
    case unknownFunction = "WSP205"
    /// A fact has no such part.
    case unknownField = "WSP206"
    /// A function is called with too few, too many or unfit arguments.
    case wrongArguments = "WSP207"
    /// An operator can never work on these types.
    case typeMismatch = "WSP208"
    /// A condition that can never be a bool.
    case conditionNotBool = "WSP209"
    /// An expression whose value is known before the run: an error whatever happens.
    case alwaysFails = "WSP210"
    /// An expression that is too long or too deeply nested.
    case expressionTooLarge = "WSP211"
    /// A part of CEL that this language leaves out.
    case unsupportedFeature = "WSP212"

    // 3xx: the plan is well formed and cannot work as written (PlanLint, PlanCompiler).
}
