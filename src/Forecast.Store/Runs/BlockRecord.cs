using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Runs;

/// <summary>The result of one work item: committed as a whole, or not at all.</summary>
public sealed record BlockRecord
{
    public required IReadOnlyList<StoredPrediction> Predictions { get; init; }

    public IReadOnlyList<StoredFold> Folds { get; init; } = [];

    public IReadOnlyList<StoredFit> Fits { get; init; } = [];

    public IReadOnlyList<StoredFailure> Failures { get; init; } = [];

    public double FitSeconds { get; init; }

    public double PredictSeconds { get; init; }

    public string Worker { get; init; } = "";

    public string Device { get; init; } = "cpu";

    /// <summary>What is known about pre-trained weights: <c>clean</c>, <c>contaminated</c>, <c>unknown</c>.</summary>
    public string Exposure { get; init; } = "clean";

    /// <summary>What else the engine wants to find again, as JSON.</summary>
    public string? DetailsJson { get; init; }

    /// <summary>Written to the stream <c>run/{id}</c> in the same transaction, so that it is told exactly once; null = none.</summary>
    public BlockEvent? Event { get; init; }
}

/// <summary>A committed block with its item.</summary>
public sealed record StoredBlock(StoredWorkItem Item, BlockRecord Block);

/// <summary>What to tell those who watch the run.</summary>
public sealed record BlockEvent(string Kind, string PayloadJson);

/// <summary>
/// The forecast of one model for one series from one cutoff: arrays over the S steps ahead, NaN where there is no value.
/// </summary>
public sealed record StoredPrediction
{
    public required string Model { get; init; }

    public required string Series { get; init; }

    /// <summary>Number of the fold within its series.</summary>
    public required int Fold { get; init; }

    public required Instant Cutoff { get; init; }

    /// <summary>Steps ahead, S of them.</summary>
    public required int[] Steps { get; init; }

    /// <summary>Dates as known at the cutoff, S.</summary>
    public required Instant[] Timestamps { get; init; }

    /// <summary>Event times of the rows then observed, S.</summary>
    public required Instant[] ObservedAt { get; init; }

    /// <summary>What came true, S.</summary>
    public required double[] Actuals { get; init; }

    public required double[] Means { get; init; }

    /// <summary>S x L, step by step, in the order of the run's L levels.</summary>
    public required double[] Quantiles { get; init; }

    /// <summary>S.</summary>
    public required double[] Crps { get; init; }

    /// <summary>S.</summary>
    public required double[] Pit { get; init; }

    /// <summary>S x A, step by step, in the order of the run's A risk tails; empty when it has none.</summary>
    public double[] Shortfalls { get; init; } = [];

    /// <exception cref="ForecastException">An array of another length than the others.</exception>
    internal void Check()
    {
        var steps = Steps.Length;
        Same(Timestamps.Length, nameof(Timestamps));
        Same(ObservedAt.Length, nameof(ObservedAt));
        Same(Actuals.Length, nameof(Actuals));
        Same(Means.Length, nameof(Means));
        Same(Crps.Length, nameof(Crps));
        Same(Pit.Length, nameof(Pit));
        Same(Whole(Quantiles), nameof(Quantiles));
        Same(Whole(Shortfalls), nameof(Shortfalls));

        // The same number of values for each step, none included.
        int Whole(double[] values) => steps == 0 ? values.Length : values.Length % steps == 0 ? steps : values.Length;

        void Same(int length, string what)
        {
            if (length != steps)
                throw new ForecastException("prediction-shape", $"{Model}, series '{Series}', fold {Fold}: {steps} steps, but {length} {what}", what, Series, Fold);
        }
    }
}

/// <summary>What one fold could read.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Series">Series of the fold.</param>
/// <param name="Fold">Number of the fold.</param>
/// <param name="Cutoff">The last instant that could be read.</param>
/// <param name="FitCutoff">Where the parameters in use were fitted.</param>
/// <param name="FitFrom">First row that the fit was estimated on.</param>
/// <param name="LatestAvailableAt">The latest publication among the visible values.</param>
/// <param name="FirstTarget">Event time of the first row that was forecast.</param>
public sealed record StoredFold(string Model, string Series, int Fold, Instant Cutoff, Instant FitCutoff, Instant FitFrom, Instant LatestAvailableAt, Instant FirstTarget);

/// <summary>One fit and how it ended.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Series">Series fitted.</param>
/// <param name="FitCutoff">The last instant that it could read.</param>
/// <param name="Seed">Seed of everything random in it.</param>
/// <param name="Converged">False when the optimiser stopped for another reason than a met tolerance.</param>
/// <param name="Parameters">Estimates, in the model's order.</param>
/// <param name="Notes">Why it stopped, and the like.</param>
public sealed record StoredFit(string Model, string Series, Instant FitCutoff, ulong Seed, bool Converged, IReadOnlyDictionary<string, double> Parameters, IReadOnlyList<string> Notes);

/// <summary>A series of a block that could not be fitted or forecast.</summary>
public sealed record StoredFailure(string Model, string Series, Instant Cutoff, string Code, string Message);

/// <summary>A score; NaN when it has no value, with the reason in the note.</summary>
public sealed record StoredMetric(string Model, string Series, string Name, double Value, int Count, string Note = "");
