import Diagnostics
import PlanModel

extension Step {
    /// The id of the timer that this step starts, if it starts one and names it.
    var timerID: Located<String>? {
        switch kind {
        case .every(let every): every.id
        case .after(let after): after.id
        default: nil
        }
    }
}
