namespace Forecast.Models.Garch;

/// <summary>
/// The optima of a short sample. The likelihood of GARCH(1,1) on a few hundred returns often has several hills of nearly one height, each with
/// another forecast, so that every search is followed to its end, the highest is taken, and what it was preferred to is told.
/// </summary>
/// <remarks>
/// One kind of hill is not taken unless it is higher by half the 5 % point of a chi-square with one degree of freedom: with alpha 0 and beta near 1 the
/// variance knows nothing of the returns and drifts, h_t = ω/(1-β) + β^t (m - ω/(1-β)), away from the value m that it was started at. That
/// describes the start of the recursion, which is arbitrary, and not a changing variance.
/// </remarks>
internal sealed class GarchHills
{
    private const int ShortSample = 500;
    private const double Telling = 1.92;
    private const double Apart = 0.02;
    private const double LeastDriftBeta = 0.9;
    private readonly GarchSpecification _specification;
    private readonly NewtonResult[] _ends;

    private GarchHills(GarchSpecification specification, IEnumerable<NewtonResult> ends)
    {
        _specification = specification;
        _ends = [.. ends.Where(e => double.IsFinite(e.Value)).OrderBy(e => e.Value)];
    }

    /// <summary>Whether all searches of such a fit are worth following to their ends.</summary>
    public static bool Apply(GarchSpecification specification, GarchSample sample) =>
        specification is { Family: VarianceFamily.Garch, ArchOrder: 1, GarchOrder: 1, ArOrder: 0, MaOrder: 0 } && sample.Observed <= ShortSample;

    /// <summary>The end to be taken, its reason naming the best of the others where that is nearly as high or higher; null without any.</summary>
    public static NewtonResult? Choose(GarchSpecification specification, IEnumerable<NewtonResult> ends) => new GarchHills(specification, ends).Choose();

    private NewtonResult? Choose()
    {
        if (_ends.Length == 0) return null;
        var chosen = Array.Find(_ends, e => !Drifts(e)) is { } varying && varying.Value - _ends[0].Value < Telling ? varying : _ends[0];

        // Ends within 1e-7 of each other are one optimum: prefer the search that can prove it.
        chosen = Array.Find(_ends, e => e.Converged && Math.Abs(e.Value - chosen.Value) < 1e-7 && Drifts(e) == Drifts(chosen)) ?? chosen;
        return Array.Find(_ends, e => Differs(e, chosen)) is { } other && other.Value - chosen.Value < Telling ? chosen with { Reason = $"{chosen.Reason}; {Tell(other, other.Value - chosen.Value)}" } : chosen;
    }

    private bool Drifts(NewtonResult end) => Alpha(end) <= 0 && Beta(end) > LeastDriftBeta;

    private bool Differs(NewtonResult a, NewtonResult b) => Math.Abs(Alpha(a) - Alpha(b)) > Apart || Math.Abs(Beta(a) - Beta(b)) > Apart;

    private double Alpha(NewtonResult end) => end.Point[_specification.AlphaIndex];

    private double Beta(NewtonResult end) => end.Point[_specification.BetaIndex];

    private string Tell(NewtonResult other, double below) =>
        FormattableString.Invariant($"another optimum, alpha1 {Alpha(other):F3} and beta1 {Beta(other):F3}, is ") + (below < 0
            ? FormattableString.Invariant($"higher by {-below:F3} and not taken: its variance only drifts from where it starts")
            : FormattableString.Invariant($"lower by {below:F3}"));
}
