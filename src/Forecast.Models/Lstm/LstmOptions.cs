using Forecast.Core;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;

namespace Forecast.Models.Lstm;

/// <summary>What an <c>lstm</c> is and how it is trained.</summary>
public sealed record LstmOptions
{
    /// <summary>L, rows; null = <see cref="Training.Lookback.Choose"/>.</summary>
    public int? Lookback { get; init; }

    /// <summary>Rows that one step of the recurrence reads; null = the season where it divides the look-back, else 1.</summary>
    public int? Patch { get; init; }

    /// <summary>Size of the state of each layer.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Recurrent layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Blocks in the place of LSTM layers; null = LSTM layers.</summary>
    public XlstmOptions? Stack { get; init; }

    /// <summary>Share of units dropped between layers and before the head while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Networks that are trained from seeds of their own; their quantiles are averaged level by level.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Share of the target rows, the latest, that says when to stop; 0 = none.</summary>
    public double Validation { get; init; } = 0.15;

    /// <summary>
    /// Whether the network is trained again on all windows for as many epochs as were best, so that it knows the latest rows, too.
    /// </summary>
    public bool Refit { get; init; } = true;

    public PanelFeatures Features { get; init; } = PanelFeatures.None;

    public TrainerOptions Training { get; init; } = new() { StepsPerEpoch = 200 };

    /// <exception cref="ForecastException">An option out of its range.</exception>
    public LstmOptions Validated()
    {
        if (Lookback is { } lookback) Least(lookback, 2, "lookback");
        if (Patch is { } patch) Least(patch, 1, "patch");
        if (Lookback is { } rows && Patch is { } piece && rows % piece != 0)
            throw new ForecastException("patch-invalid", $"patch is {piece}; it must divide the lookback of {rows}", "patch");
        Least(Hidden, 1, "hidden");
        Stack?.Validated(Hidden);
        Least(Layers, 1, "layers");
        Least(Seeds, 1, "seeds");
        if (!(Dropout >= 0 && Dropout < 1)) throw new ForecastException("dropout-invalid", $"dropout is {Dropout}; it must be at least 0 and below 1", "dropout");
        if (!(Validation >= 0 && Validation <= 0.5)) throw new ForecastException("validation-invalid", $"validation is {Validation}; it must be from 0 to 0.5", "validation");
        Training.Validated();
        return this;

        static void Least(int value, int least, string field)
        {
            if (value < least) throw new ForecastException($"{field}-invalid", $"{field} is {value}; it must be at least {least}", field);
        }
    }
}
