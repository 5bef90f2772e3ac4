namespace Masumi.Architecture.Tests;

public class FacesAndStoresTests
{
    [Fact]
    public void A_face_never_sees_a_store() => Exemptions.Judge(Rules.Face, Rules.FacesSeeNoStores(Measured.House));

    [Fact]
    public void A_store_never_decides() => Exemptions.Judge(Rules.Store, Rules.StoresDecideNothing(Measured.House));
}
