using Forecast.Core.Numerics;

namespace Forecast.Core.Tests.Numerics;

public class SeedsTests
{
    [Fact]
    public void Seeds_are_the_same_on_every_machine_and_in_every_version()
    {
        // Computed apart from this code: first 8 bytes of SHA-256 over (seed, length, bytes, ...), all little-endian.
        Seeds.Derive(7).ShouldBe(6424735547165501610UL);
        Seeds.Derive(7, "run", "naïve").ShouldBe(6239657120132971376UL);
    }

    [Fact]
    public void Where_one_part_ends_matters()
    {
        Seeds.Derive(7, "runna", "ïve").ShouldBe(17019391105964927702UL);
        Seeds.Derive(7, "a", "").ShouldNotBe(Seeds.Derive(7, "a"));
        Seeds.Derive(7, "a", "b").ShouldNotBe(Seeds.Derive(7, "b", "a"));
        Seeds.Derive(7, "a").ShouldNotBe(Seeds.Derive(8, "a"));
    }
}
