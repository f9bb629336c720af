namespace Forecast.Models.Ets;

/// <summary>What a fit leaves behind: enough to forecast from any history without estimating again, and to report.</summary>
public sealed record EtsParameters
{
    /// <summary>The form as R prints it, <c>ETS(M,Ad,M)</c>.</summary>
    public required string Form { get; init; }

    /// <summary>m; 1 without a season.</summary>
    public required int Period { get; init; }

    /// <summary>Names and values of smoothing parameters and initial states, as R has them.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    public required double Sigma2 { get; init; }

    public required double Mse { get; init; }

    public required double LogLikelihood { get; init; }

    public required double Aic { get; init; }

    public required double Aicc { get; init; }

    public required double Bic { get; init; }

    /// <summary>Observations of the training window that were not missing.</summary>
    public required int Observations { get; init; }

    public required bool Converged { get; init; }

    /// <summary>How the form was found and the search ended.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Event time of the first training row, before which the initial states stand (ticks of the Unix epoch).</summary>
    public required long Origin { get; init; }

    internal static EtsParameters Of(EtsFit fit, IReadOnlyList<string> notes, long origin) => new()
    {
        Form = fit.Form.ToString(),
        Period = fit.Period,
        Values = fit.Parameters,
        Sigma2 = fit.Sigma2,
        Mse = fit.Mse,
        LogLikelihood = fit.LogLikelihood,
        Aic = fit.Aic,
        Aicc = fit.Aicc,
        Bic = fit.Bic,
        Observations = fit.Observations,
        Converged = fit.Converged,
        Notes = notes,
        Origin = origin,
    };
}
