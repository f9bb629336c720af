using Forecast.Backtest.Results;
using Forecast.Hosting.Serialization;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>Reads back what a stored run was asked to do.</summary>
public static class RunSpecs
{
    public static RunSpec Of(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return HostingJson.Read<RunSpec>(run.SpecJson);
    }
}
