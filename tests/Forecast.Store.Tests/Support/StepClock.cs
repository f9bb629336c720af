using NodaTime;

namespace Forecast.Store.Tests.Support;

/// <summary>A clock that moves by a fixed step at each reading.</summary>
internal sealed class StepClock(Duration step) : IClock
{
    private Instant _now = Sample.Start;

    public void Advance(Duration by) => _now += by;

    public Instant GetCurrentInstant()
    {
        _now += step;
        return _now;
    }
}
