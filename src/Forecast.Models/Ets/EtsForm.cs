using Forecast.Core;

namespace Forecast.Models.Ets;

/// <summary>How a part of the model enters: not at all, by addition, or by multiplication.</summary>
public enum EtsPart
{
    None,
    Additive,
    Multiplicative,
}

/// <summary>
/// One of the 30 forms ETS(error, trend, season) of Hyndman, Koehler, Ord and Snyder (2008, table 2.2 and 2.3): error A or M,
/// trend N, A, Ad, M or Md, season N, A or M.
/// </summary>
/// <param name="Error">Additive (y = mu + e) or multiplicative (y = mu (1 + e)); never none.</param>
/// <param name="Trend">Trend.</param>
/// <param name="Damped">Whether the trend is damped; needs one.</param>
/// <param name="Season">Season.</param>
public readonly record struct EtsForm(EtsPart Error, EtsPart Trend, bool Damped, EtsPart Season)
{
    /// <summary>All 30 forms, the simplest first.</summary>
    public static IReadOnlyList<EtsForm> All { get; } =
    [
        .. from season in (EtsPart[])[EtsPart.None, EtsPart.Additive, EtsPart.Multiplicative]
           from trend in (EtsPart[])[EtsPart.None, EtsPart.Additive, EtsPart.Multiplicative]
           from damped in trend == EtsPart.None ? (bool[])[false] : [false, true]
           from error in (EtsPart[])[EtsPart.Additive, EtsPart.Multiplicative]
           select new EtsForm(error, trend, damped, season),
    ];

    public bool HasTrend => Trend != EtsPart.None;

    public bool HasSeason => Season != EtsPart.None;

    /// <summary>True when some part multiplies, so that the data must be positive.</summary>
    public bool NeedsPositive => Error == EtsPart.Multiplicative || Trend == EtsPart.Multiplicative || Season == EtsPart.Multiplicative;

    /// <summary>
    /// True for the forms whose forecast mean and variance have closed forms (classes 1 to 3 of the book's chapter 6): additive
    /// throughout, multiplicative error alone, and multiplicative error and season with an additive trend or none.
    /// </summary>
    public bool HasClosedForms => Trend != EtsPart.Multiplicative && (Season != EtsPart.Multiplicative || Error == EtsPart.Multiplicative);

    /// <summary>
    /// Forms whose updates divide by a state that nothing keeps from zero; R's automatic choice leaves them out unless told
    /// otherwise: an additive error with a multiplicative trend or season, and (M, M, A).
    /// </summary>
    public bool IsUnstable => Error == EtsPart.Additive
        ? Trend == EtsPart.Multiplicative || Season == EtsPart.Multiplicative
        : Trend == EtsPart.Multiplicative && Season == EtsPart.Additive;

    /// <summary>Smoothing parameters and free initial states: what R calls the number of <c>par</c>; sigma2 is not counted.</summary>
    public int ParameterCount(int period) => 2 + (HasTrend ? 2 : 0) + (Damped ? 1 : 0) + (HasSeason ? period : 0);

    /// <summary>As R prints it: <c>ETS(M,Ad,M)</c>.</summary>
    public override string ToString() => $"ETS({Letter(Error)},{Letter(Trend)}{(Damped ? "d" : "")},{Letter(Season)})";

    internal static char Letter(EtsPart part) => part switch { EtsPart.None => 'N', EtsPart.Additive => 'A', _ => 'M' };

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="ForecastException">No such form.</exception>
    public static EtsForm Parse(string text)
    {
        foreach (var form in All)
        {
            if (string.Equals(form.ToString(), text, StringComparison.OrdinalIgnoreCase))
                return form;
        }

        throw new ForecastException("ets-form-unknown", $"'{text}' is no form of exponential smoothing; write ETS(error,trend,season) as in ETS(M,Ad,M)", "model");
    }
}
