import Glibc
import WSPlanCommand

exit(WSPlan.run(Array(CommandLine.arguments.dropFirst())))
