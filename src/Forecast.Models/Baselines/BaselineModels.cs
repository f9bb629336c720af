using Forecast.Models.Catalogue;

namespace Forecast.Models.Baselines;

/// <summary>How the catalogue writes and makes the baselines.</summary>
public static class BaselineModels
{
    public static IReadOnlyList<ModelDescriptor> Descriptors { get; } =
    [
        new("naive", "The last value: a random walk.", "naive", "naive", [], arguments =>
        {
            arguments.Allow(0);
            return NaiveForecaster.LastValue();
        }),
        new("seasonal-naive", "The last value of the same season.", "seasonal-naive(m) or seasonal-naive[m]; without m the usual season of the frequency", "seasonal-naive(12)", [], arguments =>
        {
            arguments.Allow(1, period: true);
            var bracket = arguments.Integers(0, 1, "m");
            if (bracket is not null && arguments.Period() is not null)
                throw arguments.Invalid("the period stands twice");
            return NaiveForecaster.LastSeason(bracket?[0] ?? arguments.Period());
        }),
        new("drift", "A random walk with the mean step of the training window as drift.", "drift", "drift", [], arguments =>
        {
            arguments.Allow(0);
            return new DriftForecaster();
        }),
        new("mean", "The mean of the training window.", "mean", "mean", [], arguments =>
        {
            arguments.Allow(0);
            return new MeanForecaster();
        }),
    ];
}
