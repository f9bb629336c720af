namespace Forecast.Models.AutoArima;

/// <summary>
/// The search over orders at fixed d and D (Hyndman and Khandakar 2008): stepwise from four or five simple models to ever better
/// neighbours, or over all models up to a total order. Each model is fitted once; the best admissible one wins.
/// </summary>
internal sealed class ArimaSearch
{
    private readonly AutoArimaOptions _options;
    private readonly ArimaScorer _scorer;
    private readonly ArimaCandidate _limit;
    private readonly int _observed;
    private readonly Dictionary<ArimaCandidate, double> _scores = [];
    private readonly CancellationToken _cancellation;

    /// <param name="options">What may be chosen.</param>
    /// <param name="scorer">Fits one model.</param>
    /// <param name="observed">Observations.</param>
    /// <param name="period">m, 1 without a season.</param>
    /// <param name="mayHaveConstant">Whether a mean or drift is possible and allowed.</param>
    /// <param name="cancellation">Stops between models.</param>
    public ArimaSearch(AutoArimaOptions options, ArimaScorer scorer, int observed, int period, bool mayHaveConstant, CancellationToken cancellation)
    {
        _options = options;
        _scorer = scorer;
        _observed = observed;
        _cancellation = cancellation;
        var seasonal = period > 1 ? Math.Min(options.MaxSeasonalOrder, observed / 3 / period) : 0;
        var plain = Math.Min(options.MaxOrder, observed / 3);
        // Beyond m - 1 lags the seasonal terms say the same.
        if (seasonal > 0)
            plain = Math.Min(plain, period - 1);
        _limit = new ArimaCandidate(plain, plain, seasonal, seasonal, mayHaveConstant);
    }

    /// <summary>The model with the least criterion, the smaller one of equals; null when none could be fitted.</summary>
    public ArimaCandidate? Best => _scores
        .Where(s => double.IsFinite(s.Value))
        .OrderBy(s => s.Value)
        .ThenBy(s => s.Key.Total)
        .Select(s => (ArimaCandidate?)s.Key)
        .FirstOrDefault();

    /// <summary>Models tried.</summary>
    public int Tried => _scores.Count;

    public void Run()
    {
        if (_options.Stepwise)
            Stepwise();
        else
            Full();
    }

    private void Stepwise()
    {
        var (p, sp) = (_limit.P, _limit.SeasonalP);
        var isShort = _observed < 10;
        var start = new ArimaCandidate(
            Math.Min(isShort ? 1 : 2, p), Math.Min(isShort ? 1 : 2, p), isShort ? 0 : Math.Min(1, sp), isShort ? 0 : Math.Min(1, sp), _limit.Constant);
        ArimaCandidate[] first =
        [
            start,
            new(0, 0, 0, 0, _limit.Constant),
            new(Math.Min(1, p), 0, Math.Min(1, sp), 0, _limit.Constant),
            new(0, Math.Min(1, p), 0, Math.Min(1, sp), _limit.Constant),
            new(0, 0, 0, 0, false),
        ];
        var best = first[0];
        Score(best);
        Confirm(best);
        foreach (var candidate in first)
            best = Better(candidate, best);

        // From the null model without constant R's search goes on to neighbours that have one: where it stands is not the best model then.
        var place = best == first[^1] ? best with { Constant = _limit.Constant } : best;
        while (_scores.Count < _options.MaxModels && Improve(place, best) is { } next)
            place = best = next;
    }

    /// <summary>The first neighbour of a place that is better than the best model so far; null without any.</summary>
    private ArimaCandidate? Improve(ArimaCandidate place, ArimaCandidate best)
    {
        foreach (var neighbour in place.Neighbours())
        {
            if (!IsAllowed(neighbour) || _scores.ContainsKey(neighbour))
                continue;
            if (_scores.Count >= _options.MaxModels)
                break;
            if (Better(neighbour, best) == neighbour)
                return neighbour;
        }

        return null;
    }

    private void Full()
    {
        for (var total = 0; total <= _options.MaxTotal; total++)
        {
            foreach (var candidate in All(total))
                Score(candidate);
        }

        var best = Best;
        while (best is { } leader && !Confirm(leader))
            best = Best;
    }

    private IEnumerable<ArimaCandidate> All(int total)
    {
        for (var sp = 0; sp <= _limit.SeasonalP; sp++)
        {
            for (var sq = 0; sq <= _limit.SeasonalQ; sq++)
            {
                for (var p = 0; p <= _limit.P; p++)
                {
                    var q = total - sp - sq - p;
                    if (q < 0 || q > _limit.Q)
                        continue;
                    yield return new ArimaCandidate(p, q, sp, sq, false);
                    if (_limit.Constant)
                        yield return new ArimaCandidate(p, q, sp, sq, true);
                }
            }
        }
    }

    private bool IsAllowed(ArimaCandidate c) =>
        c.P >= 0 && c.P <= _limit.P && c.Q >= 0 && c.Q <= _limit.Q
        && c.SeasonalP >= 0 && c.SeasonalP <= _limit.SeasonalP && c.SeasonalQ >= 0 && c.SeasonalQ <= _limit.SeasonalQ
        && (_limit.Constant || !c.Constant);

    private ArimaCandidate Better(ArimaCandidate candidate, ArimaCandidate best) =>
        Score(candidate) < Score(best) && Confirm(candidate) ? candidate : best;

    /// <summary>Asks of a model that would lead whether R could have fitted it; one that it could not has no score any more.</summary>
    private bool Confirm(ArimaCandidate candidate)
    {
        if (double.IsFinite(_scores[candidate]) && _scorer.HasStart(candidate))
            return true;
        _scores[candidate] = double.PositiveInfinity;
        return false;
    }

    private double Score(ArimaCandidate candidate)
    {
        if (_scores.TryGetValue(candidate, out var known))
            return known;
        _cancellation.ThrowIfCancellationRequested();
        var score = _scorer.Score(candidate);
        _scores[candidate] = score;
        return score;
    }
}
