/// Calls whose arguments are not values: CEL's macros.
enum Macro: String, CaseIterable, Sendable {
    case has
    case all
    case exists
    case existsOne = "exists_one"
    case filter
    case map

    /// Whether it walks over a list or map and names the element: `list.all(x, x > 0)`.
    var isComprehension: Bool { self != .has }
}
